//! The shipped files and their columns.

use crate::table::CsvSchema;

/// A shipped file; variants are ordered by file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShippedFile {
    Agreements,
    Countries,
    CountryLabels,
    EventDetails,
    Events,
    FieldMap,
    FigureFields,
    Instruments,
    Aliases,
    Memberships,
    Merges,
    Occasions,
    Organizations,
    Participants,
    Localities,
    Posts,
    Programmes,
    Lineage,
    Provinces,
    Figures,
    Relations,
    Sources,
    Terms,
    UnitChanges,
    Geography,
}

/// The schema of every file, in the order of [`ShippedFile`].
pub(super) const SCHEMAS: [CsvSchema; 25] = [
    CsvSchema {
        file: "agreements.csv",
        columns: "id,province_slug,successor_slug,partner_id,partner_agency,\
            partner_country,title_en,type,pillar,fields,signed,date_precision,\
            expires,status,sequence_no,renewal_of,source_id,source_title,\
            source_url",
        key: &["id"],
    },
    CsvSchema {
        file: "countries.csv",
        columns: "iso2,iso3,numeric,name_en,name_vi,region,subregion",
        key: &["iso2"],
    },
    CsvSchema {
        file: "country_labels.csv",
        columns: "iso2,name_en,name_vi,source_id,source_title,source_url",
        key: &["iso2"],
    },
    CsvSchema {
        file: "event_details.csv",
        columns: "event_id,kind,direction,series,edition,occasion_code,anniversary_no,\
            audience_countries,quantity,delegates_min,delegates_max,\
            delegates_qualifier,alt_title,exact_start,exact_end,source_id,\
            source_title,source_url",
        key: &["event_id"],
    },
    CsvSchema {
        file: "events.csv",
        columns: "id,province_slug,successor_slug,title,type,pillar,start,end,\
            date_precision,place,country,partner_ids,delegates,source_id,\
            source_title,source_url",
        key: &["id"],
    },
    CsvSchema {
        file: "field_map.csv",
        columns: "word,field_code,source_id,source_title,source_url",
        key: &["word", "field_code"],
    },
    CsvSchema {
        file: "figure_fields.csv",
        columns: "figure_id,field_code,source_id,source_title,source_url",
        key: &["figure_id", "field_code"],
    },
    CsvSchema {
        file: "instruments.csv",
        columns: "id,number,title_en,kind,issuer,scope,issued_on,effective_on,\
            period_from,period_to,implements,regions,fields,note,source_id,\
            source_title,source_url",
        key: &["id"],
    },
    CsvSchema {
        file: "locality_aliases.csv",
        columns: "partner_id,alias,lang,kind,source_id,source_title,source_url",
        key: &["partner_id", "alias"],
    },
    CsvSchema {
        file: "memberships.csv",
        columns: "province_slug,successor_slug,network_name,network_abbr,joined,as_of,\
            source_id,source_title,source_url",
        key: &[],
    },
    CsvSchema {
        file: "merges.csv",
        columns: "kept_id,merged_id,reason,source_id,source_title,source_url",
        key: &["merged_id"],
    },
    CsvSchema {
        file: "occasions.csv",
        columns: "code,name_en,name_vi,anchor_date,month_day,country,source_id,\
            source_title,source_url",
        key: &["code"],
    },
    CsvSchema {
        file: "organizations.csv",
        columns: "id,province_slug,successor_slug,kind,name_en,country,parent_id,\
            members,members_unit,founded,as_of,note,source_id,source_title,\
            source_url",
        key: &["id"],
    },
    CsvSchema {
        file: "participants.csv",
        columns: "entry_id,role,province,organization,source_id,source_title,\
            source_url",
        key: &[],
    },
    CsvSchema {
        file: "partner_localities.csv",
        columns: "id,name_en,name_local,country,kind,lat,lon,coord_source,iso_3166_2,\
            geonames_id,wikidata,valid_to,note,source",
        key: &["id"],
    },
    CsvSchema {
        file: "posts.csv",
        columns: "person,post,org,as_of,source_id,source_title,source_url",
        key: &[],
    },
    CsvSchema {
        file: "programmes.csv",
        columns: "id,province_slug,successor_slug,kind,direction,title_en,partner_ids,\
            partner_agency,countries,seats_per_year,quantity_value,\
            quantity_qualifier,unit,currency,period_start,period_end,as_of,pillar,\
            source_id,source_title,source_url",
        key: &["id"],
    },
    CsvSchema {
        file: "province_lineage.csv",
        columns: "predecessor_code,predecessor_slug,name_vi,name_en,predecessor_kind,\
            iso_3166_2,successor_code,successor_slug,change,effective_date,\
            adopted_date,legal_basis,note",
        key: &["predecessor_slug"],
    },
    CsvSchema {
        file: "provinces.csv",
        columns: "code,slug,name_vi,name_en,kind,kind_2025_07_01,kind_changed_on,\
            kind_basis,region,capital,area_km2,population,lat,lon,valid_from,\
            valid_to,border_countries,source",
        key: &["slug"],
    },
    CsvSchema {
        file: "reported_figures.csv",
        columns: "id,province_slug,successor_slug,indicator,value,unit,qualifier,\
            period_start,period_end,as_of,origin,source_id,source,quote",
        key: &["id"],
    },
    CsvSchema {
        file: "sister_relations.csv",
        columns: "id,province_slug,successor_slug,partner_id,kind,established,\
            date_precision,status,ended,continues_id,evidence_year,confidence,\
            note,source_id,source_title,source_url",
        key: &["id"],
    },
    CsvSchema { file: "sources.csv", columns: "id,title,address,kind", key: &["id"] },
    CsvSchema {
        file: "terms.csv",
        columns: "vocabulary,code,name_en,name_vi,parent_code,valid_from,unit,additive,\
            source_id,source_title,source_url",
        key: &["vocabulary", "code"],
    },
    CsvSchema {
        file: "unit_changes.csv",
        columns: "unit_slug,change,split_from,kind_before,effective_date,legal_basis,\
            source_id,source_title,source_url",
        key: &["unit_slug"],
    },
    CsvSchema {
        file: "unit_geography.csv",
        columns: "province_slug,successor_slug,fact,with_country,neighbours,value,\
            qualifier,as_of,figure_id,note,source_id,source_title,source_url",
        key: &[],
    },
];

/// The texts compiled into the program, in the order of [`ShippedFile`].
pub(super) const TEXTS: [&str; 25] = [
    include_str!("../../data/agreements.csv"),
    include_str!("../../data/countries.csv"),
    include_str!("../../data/country_labels.csv"),
    include_str!("../../data/event_details.csv"),
    include_str!("../../data/events.csv"),
    include_str!("../../data/field_map.csv"),
    include_str!("../../data/figure_fields.csv"),
    include_str!("../../data/instruments.csv"),
    include_str!("../../data/locality_aliases.csv"),
    include_str!("../../data/memberships.csv"),
    include_str!("../../data/merges.csv"),
    include_str!("../../data/occasions.csv"),
    include_str!("../../data/organizations.csv"),
    include_str!("../../data/participants.csv"),
    include_str!("../../data/partner_localities.csv"),
    include_str!("../../data/posts.csv"),
    include_str!("../../data/programmes.csv"),
    include_str!("../../data/province_lineage.csv"),
    include_str!("../../data/provinces.csv"),
    include_str!("../../data/reported_figures.csv"),
    include_str!("../../data/sister_relations.csv"),
    include_str!("../../data/sources.csv"),
    include_str!("../../data/terms.csv"),
    include_str!("../../data/unit_changes.csv"),
    include_str!("../../data/unit_geography.csv"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_in_the_order_of_names() {
        assert!(SCHEMAS.iter().is_sorted_by_key(|schema| schema.file));
        assert_eq!(SCHEMAS[ShippedFile::Aliases as usize].file, "locality_aliases.csv");
        assert_eq!(SCHEMAS[ShippedFile::Geography as usize].file, "unit_geography.csv");
        assert_eq!(ShippedFile::Geography as usize + 1, SCHEMAS.len());
    }
}
