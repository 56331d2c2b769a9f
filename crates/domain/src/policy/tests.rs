use super::*;

/// The whole table: one line for each role and log, one column for each act.
fn table() -> String {
    let mut lines = vec![format!("{:<20}{}", "", columns(|action| action.to_string()))];
    for role in Role::VARIANTS {
        for (whose, is_own) in [("own", true), ("others'", false)] {
            let marks = columns(|action| if role.may(action, is_own) { "yes" } else { "-" }.to_owned());
            lines.push(format!("{:<20}{marks}", format!("{role} {whose}")));
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned() + "\n").collect()
}

fn columns(mark: impl Fn(Action) -> String) -> String {
    Action::VARIANTS.iter().fold(String::new(), |line, action| line + &format!("{:<12}", mark(*action)))
}

#[test]
fn roles_may_what_the_table_says() {
    assert_eq!(table(), include_str!("table.txt"));
}

#[test]
fn a_clerk_of_one_province_may_nothing_in_another() {
    let clerk = Actor::new(Role::Clerk, "lan", Some(Log::new(5)), true).unwrap();
    assert!(clerk.permit(Action::Create, Log::new(5)).is_ok());
    assert_eq!(
        clerk.permit(Action::Create, Log::new(6)),
        Err(Denied::Forbidden("clerk or publisher of the province"))
    );
    assert_eq!(
        clerk.permit(Action::Publish, Log::new(5)),
        Err(Denied::Forbidden("publisher of the province"))
    );
    assert_eq!(
        clerk.permit(Action::Create, Log::MINISTRY),
        Err(Denied::Forbidden("clerk or publisher of the province"))
    );
}

#[test]
fn a_token_for_reading_writes_nothing() {
    let publisher = Actor::new(Role::Publisher, "minh", Some(Log::new(5)), false).unwrap();
    assert!(Action::VARIANTS.iter().all(|action| publisher.permit(*action, Log::new(5)).is_err()));
    assert_eq!(Scope::of(&publisher).sees(), Sees::Province(Log::new(5)));
}

#[test]
fn the_public_is_asked_who_it_is() {
    assert_eq!(Actor::public().permit(Action::Create, Log::new(5)), Err(Denied::Unknown));
    assert_eq!(Scope::of(&Actor::public()).sees(), Sees::Published);
}

#[test]
fn a_steward_acts_in_every_log_under_his_own_name() {
    let steward = Actor::new(Role::Steward, "hoa", None, true).unwrap();
    let permit = steward.permit(Action::Withdraw, Log::new(5)).unwrap();
    assert_eq!((permit.author().as_str(), permit.log()), ("STEWARD:hoa", Log::new(5)));
    assert!(steward.permit(Action::Publish, Log::new(5)).is_err());
    assert!(steward.permit(Action::Publish, Log::MINISTRY).is_ok());
}

#[test]
fn provincial_roles_have_a_province_and_others_have_none() {
    for role in Role::VARIANTS {
        let with = Actor::new(*role, "x", Some(Log::new(1)), true);
        let without = Actor::new(*role, "x", None, true);
        assert_eq!((with.is_ok(), without.is_ok()), (role.is_provincial(), !role.is_provincial()));
        assert!(Actor::new(*role, "x", Some(Log::MINISTRY), true).is_err());
        assert!(Actor::new(*role, " ", None, true).is_err());
    }
}

#[test]
fn only_a_steward_changes_the_reference_data() {
    let steward = Actor::new(Role::Steward, "hoa", None, true).unwrap();
    assert!(steward.permit(Action::Maintain, Log::MINISTRY).is_ok());
    let publisher = Actor::new(Role::Publisher, "minh", Some(Log::new(5)), true).unwrap();
    for log in [Log::MINISTRY, Log::new(5)] {
        assert_eq!(publisher.permit(Action::Maintain, log), Err(Denied::Forbidden("steward")));
    }
}
