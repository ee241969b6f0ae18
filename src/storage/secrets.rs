//! Keys, tokens and passwords of storage servers, taken out of every text that is shown.

use std::fmt;

use crate::storage::access::Access;

const HIDDEN: &str = "[hidden]";
/// A shorter value would be found in ordinary words.
const SHORTEST: usize = 4;
/// Variables whose name has one of these hold something that opens a door.
const TELLING: [&str; 4] = ["KEY", "SECRET", "TOKEN", "PASSWORD"];

/// What must never be printed. It shows nothing of itself either.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// Those of the settings: telling variables, and what stands before the `@` of an address.
    pub fn of(access: &Access) -> Self {
        let telling = |name: &str| TELLING.iter().any(|word| name.to_ascii_uppercase().contains(word));
        let named = access.variables.iter().filter(|(name, _)| telling(name)).map(|(_, value)| value.as_str());
        let addresses = access.variables.values().chain(&access.endpoint);
        let all = named.chain(addresses.flat_map(|address| credentials(address)));
        let mut secrets: Vec<String> = all.filter(|secret| secret.len() >= SHORTEST).map(str::to_owned).collect();
        // One may be a part of another.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(secrets)
    }

    /// The text without them.
    pub fn removed_from(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Secrets({HIDDEN})")
    }
}

/// User and password of an address such as `http://user:password@host`, together and alone.
fn credentials(address: &str) -> Vec<&str> {
    let authority = address.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
    let Some((pair, _)) = authority.and_then(|authority| authority.rsplit_once('@')) else { return Vec::new() };
    std::iter::once(pair).chain(pair.split(':')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(variables: &[(&str, &str)], endpoint: &str) -> Access {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Access { endpoint: Some(endpoint.to_owned()), variables: variables.collect(), ..Access::default() }
    }

    #[test]
    fn keys_tokens_and_passwords_are_hidden_wherever_they_turn_up() {
        let variables = [
            ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "hunter2hunter2"),
            ("AWS_SESSION_TOKEN", "hunter2"),
            ("AWS_REGION", "eu-north-1"),
            ("AWS_ENDPOINT_URL", "https://me:letmein@s3.example.com/x"),
        ];
        let secrets = Secrets::of(&access(&variables, "http://admin:opensesame@127.0.0.1:9000"));
        let text = "AKIAEXAMPLE/eu-north-1 hunter2hunter2 hunter2 me:letmein@s3.example.com opensesame";
        assert_eq!(
            secrets.removed_from(text),
            "[hidden]/eu-north-1 [hidden] [hidden] [hidden]@s3.example.com [hidden]"
        );
        assert_eq!(format!("{secrets:?}"), "Secrets([hidden])");
    }

    #[test]
    fn what_is_empty_or_tiny_hides_nothing() {
        let secrets = Secrets::of(&access(&[("AWS_SECRET_ACCESS_KEY", ""), ("AWS_TOKEN", "a")], "http://127.0.0.1"));
        assert_eq!(secrets.removed_from("a banana"), "a banana");
    }
}
