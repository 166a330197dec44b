use super::{JWKS_MAX_AGE, KeyPolicy, KeySet, KeySetError, ScheduledKey, SigningKeys};
use crate::{
    server::{
        auth::signing_key::{SigningAlgorithm, SigningKey},
        clock::Timestamp,
        entropy::SystemEntropy,
        secret::SecretFile,
    },
    shared::wire::KeyState::{self, Current, Next, Retired},
};
use std::time::Duration;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const LIFE: Duration = Duration::from_mins(15);
const POLICY: KeyPolicy = KeyPolicy { algorithm: SigningAlgorithm::EdDsa, token_life: LIFE };

fn key() -> SigningKey {
    SigningKey::generate(SigningAlgorithm::EdDsa, &SystemEntropy).unwrap()
}

fn scheduled(key: SigningKey) -> ScheduledKey {
    ScheduledKey { key, published_at: None, current_from: None, retired_at: None }
}

fn one() -> KeySet {
    KeySet::of_one(key(), POLICY, NOW).unwrap()
}

fn after(minutes: u64) -> Timestamp {
    NOW + Duration::from_mins(minutes)
}

fn states(set: &KeySet, now: Timestamp) -> Vec<KeyState> {
    set.describe(now).iter().map(|key| key.state).collect()
}

#[test]
fn a_rotation_goes_through_all_states_by_itself() {
    let set = one().rotate(key(), false, NOW).unwrap();
    let [old, new] = [0, 1].map(|index| set.keys()[index].key.id().to_owned());
    let second = Duration::from_secs(1);
    for (now, expected, signer) in [
        (NOW, &[Current, Next][..], &old),
        (after(6) - second, &[Current, Next], &old),
        (after(6), &[Retired, Current], &new),
        (after(22) - second, &[Retired, Current], &new),
        (after(22), &[Current], &new),
        (after(60 * 24 * 365), &[Current], &new),
    ] {
        assert_eq!(states(&set, now), expected, "{now}");
        assert_eq!(set.current(now).id(), signer, "{now}");
        assert_eq!(set.verifier(&old, now).is_some(), expected.len() == 2, "{now}");
        assert!(set.verifier(&new, now).is_some(), "published keys verify: clocks differ");
        assert_eq!(set.jwks(now).keys.len(), expected.len(), "{now}");
    }
}

/// What makes a rotation unnoticed: at any moment, keys fetched as long ago as they may be cached have the signer's.
#[test]
fn the_signer_has_been_published_for_longer_than_the_jwks_is_cached() {
    let set = one().rotate(key(), false, NOW).unwrap();
    for second in 0..30 * 60 {
        let now = NOW + JWKS_MAX_AGE + Duration::from_secs(second);
        let signer = set.keys().iter().find(|scheduled| scheduled.key.id() == set.current(now).id()).unwrap();
        assert!(signer.published_at <= Some(now - JWKS_MAX_AGE), "{now}");
        let known = set.jwks(now - JWKS_MAX_AGE);
        assert!(known.find(set.current(now).id()).is_some(), "{now}");
        // And whoever has just fetched it can verify the oldest token in use.
        let oldest = set.current(now - LIFE).id();
        assert!(set.jwks(now).find(oldest).is_some(), "{now}");
    }
}

#[test]
fn a_rotation_at_once_keeps_the_old_key_for_its_tokens() {
    let set = one().rotate(key(), true, after(1)).unwrap();
    assert_eq!(states(&set, after(1)), [Retired, Current]);
    assert_eq!(states(&set, after(17)), [Current]);
}

#[test]
fn one_rotation_waits_at_a_time() {
    let set = one().rotate(key(), false, NOW).unwrap();
    let waiting = set.keys()[1].key.id().to_owned();
    for at_once in [false, true] {
        let set = one().rotate(key(), false, NOW).unwrap();
        assert!(matches!(set.rotate(key(), at_once, after(5)), Err(KeySetError::Waiting(_, from)) if from == after(6)));
    }
    assert_eq!(set.rotate(key(), false, after(5)).err(), Some(KeySetError::Waiting(waiting, after(6))));
    assert!(one().rotate(key(), false, NOW).unwrap().rotate(key(), false, after(6)).is_ok());
}

#[test]
fn keys_that_are_gone_are_forgotten_by_the_next_rotation() {
    let set = one().rotate(key(), true, NOW).unwrap();
    assert_eq!(set.rotate(key(), false, after(15)).unwrap().keys().len(), 3);
    let set = one().rotate(key(), true, NOW).unwrap();
    assert_eq!(set.rotate(key(), false, after(16)).unwrap().keys().len(), 2);
}

#[test]
fn a_next_key_is_taken_back_and_the_current_one_stays() {
    let set = one().rotate(key(), false, NOW).unwrap();
    let [old, new] = [0, 1].map(|index| set.keys()[index].key.id().to_owned());
    let set = set.retire(&new, after(1)).unwrap();
    for now in [after(1), after(60)] {
        assert_eq!((set.current(now).id(), states(&set, now)), (&*old, vec![Current]));
    }
}

#[test]
fn a_retired_key_is_taken_out_and_those_before_it_still_end() {
    let set = one().rotate(key(), true, NOW).unwrap().rotate(key(), true, after(1)).unwrap();
    let middle = set.keys()[1].key.id().to_owned();
    let set = set.retire(&middle, after(2)).unwrap();
    assert_eq!(states(&set, after(2)), [Retired, Current]);
    assert_eq!(states(&set, after(16)), [Current]);
}

#[test]
fn the_current_key_and_an_unknown_one_are_not_taken_out() {
    let set = one();
    let id = set.keys()[0].key.id().to_owned();
    assert_eq!(set.retire(&id, NOW).err(), Some(KeySetError::Current(id)));
    assert_eq!(one().retire("nobody", NOW).err(), Some(KeySetError::Unknown("nobody".into())));
}

#[test]
fn keys_without_times_verify_for_ever_and_the_first_of_them_signs() {
    let secrets = SecretFile::from_keys([&[1; 32][..], &[2; 32], &[3; 32]].into_iter());
    let policy = KeyPolicy { algorithm: SigningAlgorithm::Hs256, token_life: LIFE };
    let ids: Vec<_> = secrets.all().iter().map(crate::server::secret::Secret::id).collect();
    let set = KeySet::new(ScheduledKey::of_secrets(&secrets), policy).unwrap();
    for now in [Timestamp::from_secs(0), NOW, after(60 * 24 * 365)] {
        assert_eq!(set.current(now).id(), ids[0]);
        assert!(ids.iter().all(|id| set.verifier(id, now).is_some()), "{now}");
    }
    let key = SigningKey::generate(SigningAlgorithm::Hs256, &SystemEntropy).unwrap();
    let set = set.rotate(key, false, NOW).unwrap();
    assert_eq!(set.current(after(5)).id(), ids[0], "the old current key, by the same name");
    assert_eq!(states(&set, after(6)), [Retired, Retired, Retired, Current]);
    assert_eq!(states(&set, after(22)), [Current], "from now on they have an end");
}

#[test]
fn a_clock_that_was_set_back_still_finds_a_signer() {
    let set = one().rotate(key(), true, after(1)).unwrap();
    let signer = set.current(Timestamp::from_secs(0)).id().to_owned();
    assert_eq!(signer, set.keys()[0].key.id());
    assert!(set.verifier(&signer, Timestamp::from_secs(0)).is_some());
}

#[test]
fn hmac_and_asymmetric_keys_never_share_a_set() {
    let hmac = || SigningKey::generate(SigningAlgorithm::Hs256, &SystemEntropy).unwrap();
    let of = |keys: Vec<SigningKey>, algorithm| {
        let policy = KeyPolicy { algorithm, token_life: LIFE };
        KeySet::new(keys.into_iter().map(scheduled).collect(), policy).err()
    };
    for algorithm in [SigningAlgorithm::Hs256, SigningAlgorithm::EdDsa] {
        assert_eq!(of(vec![key(), hmac()], algorithm), Some(KeySetError::Mixed));
        assert_eq!(of(vec![hmac(), key()], algorithm), Some(KeySetError::Mixed));
    }
    let other = |found, wanted| Some(KeySetError::OtherKind { found, wanted });
    let (hs256, eddsa) = (SigningAlgorithm::Hs256, SigningAlgorithm::EdDsa);
    assert_eq!(of(vec![hmac()], eddsa), other(hs256, eddsa));
    assert_eq!(of(vec![key()], hs256), other(eddsa, hs256));
    assert_eq!(one().rotate(hmac(), false, NOW).err(), Some(KeySetError::Mixed));
    assert_eq!(of(vec![key()], SigningAlgorithm::Rs256), None, "one asymmetric algorithm may follow another");
}

#[test]
fn a_set_has_a_key_and_none_of_them_twice() {
    assert_eq!(KeySet::new(Vec::new(), POLICY).err(), Some(KeySetError::Empty));
    let one = key();
    let same = SigningKey::parse(SigningAlgorithm::EdDsa, &one.expose()).unwrap();
    let id = one.id().to_owned();
    assert_eq!(KeySet::new(vec![scheduled(one), scheduled(same)], POLICY).err(), Some(KeySetError::Doubled(id)));
}

#[test]
fn a_key_that_another_node_lacks_does_not_begin_to_sign_while_the_one_before_it_can_go_on() {
    let set = one().rotate(key(), false, NOW).unwrap();
    let [old, new] = [0, 1].map(|index| set.keys()[index].key.id().to_owned());
    let second = Duration::from_secs(1);
    for (now, lacks_new, lacks_all) in [
        (after(5), &old, &old),
        (after(6), &old, &new),
        // A token that the old key signs now is accepted to its end, and one that it signs later is not.
        (after(7) - second, &old, &new),
        (after(7), &new, &new),
    ] {
        assert_eq!(set.signer(now, |id| id == new).id(), lacks_new, "{now}");
        assert_eq!(set.signer(now, |_| true).id(), lacks_all, "{now}");
        assert_eq!(set.signer(now, |_| false).id(), set.current(now).id(), "{now}");
        let token_ends = now + LIFE;
        let signer = set.signer(now, |id| id == new).id();
        assert!(set.verifier(signer, token_ends - second).is_some(), "{now}");
    }
}

#[test]
fn signing_waits_for_the_last_node() {
    let set = one().rotate(key(), true, NOW).unwrap();
    let [old, new] = [0, 1].map(|index| set.keys()[index].key.id().to_owned());
    let keys = SigningKeys::new(set);
    assert_eq!(keys.signer_id(NOW), new, "there is no other node");
    let (both, behind) = (vec![old.clone(), new.clone()], vec![old.clone()]);
    keys.set_others(vec![both.clone(), behind]);
    assert_eq!(keys.signer_id(NOW), old);
    keys.set_others(vec![both.clone(), both]);
    assert_eq!(keys.signer_id(NOW), new);
}

#[test]
fn a_key_that_another_node_signs_with_is_told_from_one_that_it_has() {
    let keys = SigningKeys::new(one());
    let (own, other) = (keys.signer_id(NOW), "other".to_owned());
    assert!(keys.has_every_signer() && !keys.signs_elsewhere(&own), "there is no other node");
    keys.set_others(vec![vec![own.clone(), other.clone()]]);
    assert!(keys.has_every_signer() && keys.signs_elsewhere(&own));
    assert!(!keys.signs_elsewhere(&other), "it does not sign yet");
    keys.set_others(vec![vec![own.clone()], vec![other.clone(), own]]);
    assert!(!keys.has_every_signer() && keys.signs_elsewhere(&other));
}
