//! Where questions are answered: from what was answered before, with those who ask the same at
//! the same time, or anew.
//!
//! An answer is given again only while nothing that it was made from has moved ([`Basis`]), to
//! whom would get the same ([`Asker`]), and only if it is plain: errors, mutations, streams and
//! what one person alone may read are always made anew.
//!
//! [`Basis`]: caunoi_domain::answer::Basis

use super::audience::{Audiences, Topic, follow};
use super::size::is_counted;
use super::standard::Introspections;
use super::stream::events;
use super::{Allowed, Call, CountBytes, Documents, EachEvent, Leg, Offer, after, find_operation};
use super::{Answer, Bounds, Code, Outcome, Prepared, Question, Wording, answer, execute, prepare, too_late};
use crate::aside::Aside;
use crate::cost::Sizes;
use crate::schema::asking::Asking;
use crate::webhook::{Errand, Reach};
use crate::{Mutation, Query, Subscription};
use async_graphql::{Data, Schema};
use async_graphql_parser::types::OperationType;
use caunoi_domain::answer::{AnswerKey, Asker, KeyMaker};
use caunoi_domain::cursor::{Epoch, Positions};
use caunoi_domain::locale::Locale;
use caunoi_domain::policy::{Actor, Scope};
use caunoi_metrics::{Kind, Source};
use caunoi_register::{Answers, Flights, Kept, Reading, Register, Seat};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument as _;

/// Where all questions to one register are answered.
pub(crate) struct Desk {
    pub(super) schema: Schema<Query, Mutation, Subscription>,
    /// The same with [`EachEvent`] and [`CountBytes`]: any extension makes the engine slower, so queries
    /// go without, but for those whose answers can become large.
    streaming: Schema<Query, Mutation, Subscription>,
    pub(crate) register: Arc<Register>,
    answers: Answers,
    documents: Documents,
    pub(super) introspections: Introspections,
    keys: KeyMaker,
    flights: Flights<AnswerKey, Landed>,
    pub(super) audiences: Audiences,
    pub(crate) bounds: Bounds,
    reach: Arc<dyn Reach>,
}

/// A cursor that this register did not seal.
struct Unreadable;

/// Who asks, in which language.
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) actor: Actor,
    locale: Locale,
    /// As in [`Question::was_accepted`].
    was_accepted: bool,
}

/// In the data of an operation that was accepted before: words in filters that the register does
/// not know match nothing.
pub(crate) struct AcceptedBefore;

/// What came of making an answer.
#[derive(Clone)]
struct Landed {
    answer: Answer,
    /// The same where it may be given again.
    kept: Option<Arc<Kept>>,
}

impl Desk {
    /// A desk whose answers are kept so.
    pub(crate) fn new(
        register: Arc<Register>,
        answers: Answers,
        bounds: Bounds,
        program: &str,
        reach: Arc<dyn Reach>,
    ) -> Self {
        let schema = crate::builder().finish();
        // What another program may answer otherwise is another question.
        let keys = KeyMaker::new(&[program, &schema.sdl()]);
        Self {
            streaming: crate::builder().extension(EachEvent).extension(CountBytes).finish(),
            schema,
            register,
            answers,
            documents: Documents::default(),
            introspections: Introspections::default(),
            keys,
            flights: Flights::default(),
            audiences: Audiences::default(),
            bounds,
            reach,
        }
    }

    /// The key of these very words, and the answer to them if they were asked before and nothing
    /// has moved since.
    pub(crate) fn find_by_words(&self, call: Call<'_>, words: &[u8]) -> (AnswerKey, Option<Answer>) {
        let moment = self.register.moment(Scope::of(call.actor));
        let transport: &[u8] = if call.query_only { b"address" } else { b"body" };
        let asker = Asker::of(call.actor, locale_of(call));
        let words = self.keys.key(moment.epoch(), asker, &[transport, words]);
        let kept = self.answers.find_by_words(&words, |basis| basis.holds(&moment));
        (words, kept.map(|kept| Answer::again(&kept)))
    }

    /// Answers what was asked in these words.
    ///
    /// Neither generic nor an `async fn`: whoever calls such a one compiles all resolvers once more.
    pub(crate) fn answer(
        self: &Arc<Self>,
        call: Call<'_>,
        words: AnswerKey,
        wording: Wording,
    ) -> BoxFuture<'static, Answer> {
        let Wording { document, operation_name, variables } = wording;
        let question = Question {
            actor: call.actor.clone(),
            document,
            operation_name,
            variables,
            languages: None,
            request_id: call.request_id.to_owned(),
            offer: if call.query_only { Offer::Queries } else { Offer::All },
            resume: None,
            was_accepted: false,
        };
        let caller = Caller { actor: call.actor.clone(), locale: locale_of(call), was_accepted: false };
        let desk = Arc::clone(self);
        async move {
            match desk.prepare(question) {
                Ok(prepared) if prepared.kind == OperationType::Query => {
                    desk.query(caller, prepared, Some(words)).await
                }
                Ok(prepared) => {
                    let schema = desk.schema_for(&prepared);
                    let attach = desk.attach(caller, Reading::for_mutation);
                    answer(schema, Ok(prepared), desk.bounds, attach).await
                }
                Err(refused) => refused,
            }
        }
        .boxed()
    }

    /// Answers one question of a transport that stays open.
    pub(crate) fn answers(self: &Arc<Self>, mut question: Question) -> BoxStream<'static, Answer> {
        let locale = Locale::from_accept_language(question.languages.as_deref().unwrap_or_default());
        let caller = Caller { actor: question.actor.clone(), locale, was_accepted: question.was_accepted };
        let resume = question.resume.take();
        let desk = Arc::clone(self);
        match self.prepare(question) {
            Err(refused) => stream::iter([refused]).boxed(),
            Ok(prepared) => match prepared.kind {
                OperationType::Query => {
                    stream::once(async move { desk.query(caller, prepared, None).await }).boxed()
                }
                OperationType::Mutation => {
                    let attach = self.attach(caller, Reading::for_mutation);
                    stream::once(async move {
                        answer(desk.schema_for(&prepared), Ok(prepared), desk.bounds, attach).await
                    })
                    .boxed()
                }
                OperationType::Subscription => self.subscribe(caller, prepared, resume),
            },
        }
    }

    /// Everything that is decided of a question before the engine runs.
    fn prepare(&self, question: Question) -> Result<Prepared, Answer> {
        let sizes = Sizes::of(&self.register.replica(), self.register.sealing_key());
        prepare(question, &Allowed { limits: self.bounds.cost, sizes }, &self.documents)
    }

    /// What runs an operation: where its answer can become large, its bytes are counted meanwhile.
    fn schema_for(&self, prepared: &Prepared) -> &Schema<Query, Mutation, Subscription> {
        if is_counted(prepared.bytes, self.bounds.answer_bytes) { &self.streaming } else { &self.schema }
    }

    /// Lets somebody hear what all hear who ask for the same.
    fn subscribe(
        self: &Arc<Self>,
        caller: Caller,
        prepared: Prepared,
        resume: Option<String>,
    ) -> BoxStream<'static, Answer> {
        let request_id = prepared.request_id.clone();
        let variables = serde_json::from_slice(&prepared.variables).unwrap_or_default();
        let document = prepared.document.clone();
        let name = prepared.request.operation_name.clone();
        // It was found before, so it is there.
        let Ok(asked) = find_operation(document.parsed(), name.as_deref()) else {
            return stream::empty().boxed();
        };
        let is_feed = after::is_feed(asked);
        let given = resume.map(Into::into).or_else(|| after::given(asked, &variables)).filter(|_| is_feed);
        let Ok(after) = given.map(|given| self.open(&given)).transpose() else {
            let message = "The cursor is not one of this register.";
            let refused = Answer::refuse(Outcome::Refused, Code::BadInput, message, &request_id);
            return stream::iter([refused.to(OperationType::Subscription)]).boxed();
        };
        let shared = serde_json::to_vec(&after::without(asked, &prepared.request.query, &variables));
        let key = self.keys.key(
            self.register.epoch(),
            Asker::of(&caller.actor, caller.locale),
            &[
                if caller.was_accepted { b"accepted subscription".as_slice() } else { b"subscription" },
                prepared.request.query.as_bytes(),
                name.as_deref().unwrap_or_default().as_bytes(),
                &shared.unwrap_or_default(),
            ],
        );
        let topic = Topic::new((key, caller), prepared, variables, is_feed);
        follow(self, topic, after, request_id)
    }

    fn open(&self, given: &serde_json::Value) -> Result<Positions, Unreadable> {
        let cursor = given.as_str().ok_or(Unreadable)?;
        Positions::open(self.register.sealing_key(), cursor).map_err(|_| Unreadable)
    }

    /// Runs a topic, in a leg of the feed where it is one.
    pub(super) fn events(
        self: &Arc<Self>,
        topic: &Topic,
        leg: Option<Arc<Leg>>,
        request_id: &str,
    ) -> BoxStream<'static, Answer> {
        let attach = self.attach(topic.caller.clone(), Reading::new);
        let within = leg.clone();
        let attach = move |aside: &Aside| {
            let mut data = attach(aside);
            if let Some(leg) = &within {
                data.insert(Arc::clone(leg));
            }
            data
        };
        let request = (topic.request(), request_id.to_owned());
        let answers = events(&self.streaming, request, self.bounds, attach);
        let Some(leg) = leg else { return answers };
        answers.map(move |answer| Answer { event: leg.take_event(), ..answer }).boxed()
    }

    /// Answers a query: from memory, with others, or anew.
    async fn query(
        self: &Arc<Self>,
        caller: Caller,
        mut prepared: Prepared,
        words: Option<AnswerKey>,
    ) -> Answer {
        if let Some(form) = prepared.introspection.take() {
            return self.introspect(form, prepared).await;
        }
        let moment = self.register.moment(Scope::of(&caller.actor));
        let key = self.key(moment.epoch(), &caller, &prepared);
        let (is_personal, request_id) = (prepared.document.is_personal(), prepared.request_id.clone());
        let landed = if let Some(kept) = self.answers.find(&key, |basis| basis.holds(&moment)) {
            Landed { answer: Answer::again(&kept), kept: Some(kept) }
        } else if is_personal {
            self.make(key, caller, prepared).await
        } else {
            let scope = Scope::of(&caller.actor);
            let work = self.make(key, caller, prepared);
            let flight = self.fly(key, (scope, &request_id), work);
            match tokio::time::timeout(self.bounds.deadline, flight).await {
                Ok(landed) => landed,
                // Who joined others has waited as long as anybody may.
                Err(_) => return Answer::late(self.bounds, &request_id),
            }
        };
        if let (Some(words), Some(_)) = (words, &landed.kept) {
            self.answers.keep_words(words, key);
        }
        landed.answer
    }

    /// Makes an answer, unless others make the same one: then theirs, if it lacks nothing that
    /// stood when this one was asked for. What is not kept is not shared either: errors name the
    /// request that they are of.
    async fn fly(
        &self,
        key: AnswerKey,
        (scope, request_id): (Scope, &str),
        mut work: BoxFuture<'static, Landed>,
    ) -> Landed {
        let arrived = self.register.moment(scope);
        loop {
            let (flight, own) = match self.flights.board(key, work) {
                Seat::First(flight) => return flight.await,
                Seat::Later(flight, own) => (flight, own),
            };
            let landed = flight.await;
            match landed.kept {
                Some(kept) if kept.basis.is_not_before(&arrived) => {
                    caunoi_metrics::answer(Source::Joined);
                    return Landed { answer: Answer::again(&kept), kept: Some(kept) };
                }
                // It began before this one was asked for; the next one will not have.
                Some(_) => work = own,
                // All at once would fare no better.
                None if landed.answer.outcome == Outcome::TimedOut => {
                    return Landed { answer: Answer::late(self.bounds, request_id), kept: None };
                }
                None => return own.await,
            }
        }
    }

    /// Makes an answer, from Redis where it is worth the way.
    fn make(
        self: &Arc<Self>,
        key: AnswerKey,
        Caller { actor, locale, .. }: Caller,
        prepared: Prepared,
    ) -> BoxFuture<'static, Landed> {
        let desk = Arc::clone(self);
        async move {
            // Before anything is read: what is read may be newer than this says, and never older.
            let reading = Reading::new(Arc::clone(&desk.register), Scope::of(&actor));
            let document = prepared.document.clone();
            if !document.is_personal()
                && desk.answers.is_worth_sharing(document.took())
                && let Some(kept) =
                    desk.answers.find_shared(&key, |basis| basis.holds(reading.moment())).await
            {
                return Landed { answer: Answer::again(&kept), kept: Some(kept) };
            }
            let begun = Instant::now();
            if reading.pin().await.is_err() {
                caunoi_metrics::answer(Source::Unkept);
                return Landed { answer: Answer::unsettled(&prepared.request_id), kept: None };
            }
            let attach = |aside: &Aside| Asking::new(reading.clone(), actor, locale).attach(aside);
            let schema = desk.schema_for(&prepared);
            let answer = execute(schema, prepared, desk.bounds, attach).await.to(OperationType::Query);
            let took = begun.elapsed();
            document.note(took, reading.reads().has_person());
            let basis = if answer.is_plain { reading.basis() } else { None };
            let Some(basis) = basis else {
                caunoi_metrics::answer(Source::Unkept);
                return Landed { answer, kept: None };
            };
            caunoi_metrics::answer(Source::Made);
            let kept = Arc::new(Kept::new(answer.body.clone(), basis));
            desk.answers.keep(key, &kept, took);
            Landed { answer: Answer { tag: Some(kept.tag), ..answer }, kept: Some(kept) }
        }
        // Whichever request polls it, its lines name the one that it was made for.
        .in_current_span()
        .boxed()
    }

    /// The key of a question: equal for all who ask the same and get the same.
    fn key(&self, epoch: Epoch, caller: &Caller, prepared: &Prepared) -> AnswerKey {
        let operation = prepared.request.operation_name.as_deref().unwrap_or_default();
        self.keys.key(
            epoch,
            Asker::of(&caller.actor, caller.locale),
            &[b"question", prepared.request.query.as_bytes(), operation.as_bytes(), &prepared.variables],
        )
    }

    /// What resolvers know, each time of the newest state of the register.
    fn attach(
        self: &Arc<Self>,
        Caller { actor, locale, was_accepted }: Caller,
        begin: fn(Arc<Register>, Scope) -> Reading,
    ) -> impl Fn(&Aside) -> Data + Send + Sync + use<> {
        let desk = Arc::clone(self);
        move |aside| {
            let reading = begin(Arc::clone(&desk.register), Scope::of(&actor));
            let mut data = Asking::new(reading, actor.clone(), locale).attach(aside);
            data.insert(Errand::new(&desk, &desk.reach));
            if was_accepted {
                data.insert(AcceptedBefore);
            }
            data
        }
    }
}

fn locale_of(call: Call<'_>) -> Locale {
    Locale::from_accept_language(call.languages.unwrap_or_default())
}

impl Answer {
    /// An answer that was given before.
    fn again(kept: &Kept) -> Self {
        Self {
            body: kept.body.clone(),
            outcome: Outcome::Answered,
            tag: Some(kept.tag),
            is_plain: true,
            kind: Kind::Query,
            event: None,
        }
    }

    /// None that is of one state of the register.
    fn unsettled(request_id: &str) -> Self {
        let message = "The register is written to faster than it can be read; try again.";
        let refused = Self::refuse(Outcome::Unavailable, Code::Unavailable, message, request_id);
        refused.to(OperationType::Query)
    }

    /// None within the time that an operation has.
    fn late(bounds: Bounds, request_id: &str) -> Self {
        Self::from_error(Outcome::TimedOut, too_late(bounds.deadline, request_id)).to(OperationType::Query)
    }
}
