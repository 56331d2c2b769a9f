use super::*;

/// The whole table: one line for each role and log, one column for each act, and one each for webhooks,
/// refusals and the rules of access.
fn table() -> String {
    let header = columns(|action| action.to_string());
    let mut lines = vec![format!("{:<20}{header}WEBHOOKS    REFUSALS    REVIEW", "")];
    for role in Role::VARIANTS {
        for (whose, is_own) in [("own", true), ("others'", false)] {
            let mark = |may: bool| if may { "yes" } else { "-" };
            let marks = columns(|action| mark(role.may(action, is_own)).to_owned());
            let webhooks = mark(is_own && role.may_have_webhooks());
            let refusals = mark(is_own && role.may_read_refusals());
            let review = mark(is_own && role.may_review_access());
            lines.push(format!(
                "{:<20}{marks}{webhooks:<12}{refusals:<12}{review}",
                format!("{role} {whose}")
            ));
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned() + "\n").collect()
}

fn columns(mark: impl Fn(Action) -> String) -> String {
    Action::VARIANTS.iter().fold(String::new(), |line, action| line + &format!("{:<12}", mark(*action)))
}

#[test]
fn role_permissions_equal_the_table() {
    assert_eq!(table(), include_str!("table.txt"));
}

#[test]
fn clerk_may_not_write_in_another_province() {
    let clerk = Actor::new(Role::Clerk, "lan", Some(Log::new(5)), true).unwrap();
    assert!(clerk.permit(Action::Create, Log::new(5)).is_ok());
    assert_eq!(
        clerk.permit(Action::Create, Log::new(6)),
        Err(Denied::Forbidden(RequiredRole::ClerkOrPublisher))
    );
    assert_eq!(clerk.permit(Action::Publish, Log::new(5)), Err(Denied::Forbidden(RequiredRole::Publisher)));
    assert_eq!(
        clerk.permit(Action::Create, Log::MINISTRY),
        Err(Denied::Forbidden(RequiredRole::ClerkOrPublisher))
    );
}

#[test]
fn read_only_token_has_no_permits() {
    let publisher = Actor::new(Role::Publisher, "minh", Some(Log::new(5)), false).unwrap();
    assert!(Action::VARIANTS.iter().all(|action| publisher.permit(*action, Log::new(5)).is_err()));
    assert_eq!(Scope::of(&publisher).visibility(), Visibility::Province(Log::new(5)));
}

#[test]
fn public_caller_needs_a_token() {
    assert_eq!(Actor::public().permit(Action::Create, Log::new(5)), Err(Denied::Unknown));
    assert_eq!(Scope::of(&Actor::public()).visibility(), Visibility::Published);
}

#[test]
fn steward_is_the_author_in_every_log() {
    let steward = Actor::new(Role::Steward, "hoa", None, true).unwrap();
    let permit = steward.permit(Action::Withdraw, Log::new(5)).unwrap();
    assert_eq!((permit.author().as_str(), permit.log()), ("STEWARD:hoa", Log::new(5)));
    assert!(steward.permit(Action::Publish, Log::new(5)).is_err());
    assert!(steward.permit(Action::Publish, Log::MINISTRY).is_ok());
}

#[test]
fn only_provincial_roles_have_a_province() {
    for role in Role::VARIANTS {
        let with = Actor::new(*role, "x", Some(Log::new(1)), true);
        let without = Actor::new(*role, "x", None, true);
        assert_eq!((with.is_ok(), without.is_ok()), (role.is_provincial(), !role.is_provincial()));
        assert!(Actor::new(*role, "x", Some(Log::MINISTRY), true).is_err());
        assert!(Actor::new(*role, " ", None, true).is_err());
    }
}

#[test]
fn only_a_steward_changes_reference_data() {
    let steward = Actor::new(Role::Steward, "hoa", None, true).unwrap();
    assert!(steward.permit(Action::Maintain, Log::MINISTRY).is_ok());
    let publisher = Actor::new(Role::Publisher, "minh", Some(Log::new(5)), true).unwrap();
    for log in [Log::MINISTRY, Log::new(5)] {
        assert_eq!(publisher.permit(Action::Maintain, log), Err(Denied::Forbidden(RequiredRole::Steward)));
    }
}

#[test]
fn only_a_partner_with_a_write_token_owns_webhooks() {
    for role in Role::VARIANTS {
        let province = role.is_provincial().then_some(Log::new(5));
        let owner = |may_write| Actor::new(*role, "sister", province, may_write).unwrap().owner();
        assert_eq!(owner(true).is_ok(), *role == Role::Partner, "{role}");
        assert!(owner(false).is_err(), "{role}");
    }
    assert_eq!(Actor::public().owner(), Err(Denied::Unknown));
    let partner = Actor::new(Role::Partner, "sister", None, true).unwrap();
    assert_eq!(partner.owner().unwrap().name(), "sister");
    assert_eq!(Scope::of(&partner).visibility(), Visibility::Published);
}
