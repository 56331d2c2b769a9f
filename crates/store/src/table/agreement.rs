//! The table of agreements.

use super::{
    ChildRow, ColumnValues, StoredContent, both_languages, bounds, edtf, field_rows, id, locality_texts,
    optional_id, optional_word, rank, span_rows, text, unit_texts, word,
};
use caunoi_domain::agreement::{Agreement, PartyRef};
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;

impl StoredContent for Agreement {
    const TABLE: &'static str = "agreement";
    const CHILDREN: &'static [&'static str] =
        &["agreement_party", "agreement_act", "agreement_field", "agreement_span"];
    const FIELDS: Option<&'static str> = Some("agreement_field");
    const SPANS: Option<&'static str> = Some("agreement_span");
    const LOCALITIES: Option<&'static str> = Some("agreement_party");
    const TERM: Option<&'static str> = Some("form_id");
    const COUNTRY: Option<&'static str> = Some("country_id");

    fn first(&self) -> Option<&FuzzyDate> {
        self.signed.as_ref()
    }

    fn name_parts(&self, _log: Log, _directory: &Directory, locale: Locale) -> Vec<String> {
        vec![self.title.in_locale(locale).to_owned()]
    }

    fn own_columns(&self, _directory: &Directory) -> ColumnValues {
        let (earliest, latest) = bounds(self.expires.as_ref());
        vec![
            ("form_id", id(self.form)),
            ("level", optional_word(self.level)),
            ("country_id", optional_id(self.country)),
            ("expires_text", edtf(self.expires.as_ref())),
            ("expires_earliest", earliest.into()),
            ("expires_latest", latest.into()),
            ("renews_code", text(self.renews.as_deref())),
            ("parent_code", text(self.parent.as_deref())),
            ("relation_code", text(self.relation.as_deref())),
        ]
    }

    fn children(&self, _directory: &Directory) -> Vec<ChildRow> {
        let (first, _) = bounds(self.first());
        let parties = self.parties.iter().enumerate().map(|(index, party)| {
            let (locality, organization, name) = match &party.party {
                PartyRef::Locality(locality) => (Some(*locality), None, None),
                PartyRef::Organization(code) => (None, Some(code.as_str()), None),
                PartyRef::Named(name) => (None, None, Some(name.as_str())),
            };
            ChildRow::new(
                "agreement_party",
                vec![
                    ("rank", rank(index)),
                    ("locality_id", optional_id(locality)),
                    ("organization_code", text(organization)),
                    ("name", text(name)),
                    ("signatory", text(party.signatory.as_deref())),
                    ("first_earliest", first.into()),
                ],
            )
        });
        let acts = self.acts.iter().enumerate().map(|(index, act)| {
            let (earliest, latest) = bounds(Some(&act.on));
            ChildRow::new(
                "agreement_act",
                vec![
                    ("rank", rank(index)),
                    ("kind", word(act.kind)),
                    ("on_text", edtf(Some(&act.on))),
                    ("on_earliest", earliest.into()),
                    ("on_latest", latest.into()),
                ],
            )
        });
        parties
            .chain(acts)
            .chain(field_rows("agreement_field", &self.common.fields))
            .chain(span_rows("agreement_span", &self.spans))
            .collect()
    }

    fn searchable(&self, directory: &Directory) -> Vec<String> {
        let mut texts: Vec<String> = both_languages(&self.title).collect();
        for party in &self.parties {
            match &party.party {
                PartyRef::Locality(locality) => texts.extend(locality_texts(&[*locality], directory)),
                PartyRef::Organization(code) => {
                    let body = directory.organization_by_code(code);
                    texts.extend(body.into_iter().flat_map(|body| both_languages(&body.content.name)));
                }
                PartyRef::Named(name) => texts.push(name.clone()),
            }
        }
        texts.extend(unit_texts(self.common.origin_unit, directory));
        texts
    }
}
