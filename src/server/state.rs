//! What every request can reach.

use super::{
    auth::{
        access_token::AccessTokens,
        accounts::Accounts,
        administration::Administration,
        cookie::{DeviceCookie, RefreshCookies},
        denylist::Denylist,
        key_set::{KeySet, SigningKeys},
        password::PasswordHasher,
        proof_of_use::ProofOfUse,
        refresh_token::RefreshKeys,
        revocation::{Herald, Revocation},
        sessions::Sessions,
        throttle::{Throttle, limiter::Limiter, memory::MemoryLimiter},
    },
    clock::Clock,
    cluster::{Cluster, link::Link},
    config::Settings,
    entropy::Entropy,
    error::Error,
    playground::Playground,
    readiness::Readiness,
    secret::SecretFile,
    store::Store,
};
use std::{sync::Arc, thread};

/// What every request can reach; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The settings.
    pub settings: Arc<Settings>,
    /// Accounts and their passwords.
    pub accounts: Arc<Accounts>,
    /// Sessions and their tokens.
    pub sessions: Arc<Sessions>,
    /// The accounts of others.
    pub administration: Arc<Administration>,
    /// The form of the refresh cookie.
    pub cookies: RefreshCookies,
    /// Who has had too many tries.
    pub throttle: Arc<Throttle>,
    /// The form of the device cookie.
    pub device_cookie: DeviceCookie,
    /// What visitors of the lab try out.
    pub playground: Arc<Playground>,
    /// The other nodes, where Redis says who they are.
    pub cluster: Option<Arc<Cluster>>,
    /// Whether this node can serve.
    pub readiness: Arc<Readiness>,
}

/// The secrets, each from a file of its own.
pub struct Secrets {
    /// Signs access tokens.
    pub access_token: KeySet,
    /// Tags and derives refresh tokens.
    pub refresh_token: SecretFile,
    /// Goes into password hashes.
    pub pepper: SecretFile,
}

/// What the services stand on; tests put their own in.
pub struct Foundation {
    /// The settings.
    pub settings: Settings,
    /// The secrets.
    pub secrets: Secrets,
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl AppState {
    /// Puts the services together and takes over the denials that are in force.
    ///
    /// # Errors
    /// When the store fails or the cost of password hashes is out of range.
    pub async fn new(foundation: Foundation) -> Result<Self, Error> {
        let Foundation { settings, secrets, store, clock, entropy } = foundation;
        let denylist = Arc::new(Denylist::default());
        let now = clock.now();
        denylist.add(&store.denials(now).await?, now);
        denylist.set_blind(settings.redis_url.is_some());

        let redis = settings.redis_server().map_err(|error| Error::Internal(error.to_string()))?;
        let cluster = redis.map(|client| Arc::new(Cluster::new(client, &settings.redis_prefix, &*entropy)));
        let revocation = Arc::new(Revocation {
            denylist,
            access_token_life: settings.access_token_life,
            herald: cluster.clone().map(|cluster| cluster as Arc<dyn Herald>),
            when_blind: settings.denylist_blind,
        });

        let threads = settings.hash_threads.unwrap_or_else(|| thread::available_parallelism().map_or(1, Into::into));
        let accounts = Accounts {
            store: store.clone(),
            hasher: PasswordHasher::new(&secrets.pepper, settings.bcrypt_cost, threads, settings.hash_queue)?,
            revocation: revocation.clone(),
            clock: clock.clone(),
            entropy: entropy.clone(),
            password_min_chars: settings.password_min_chars,
            step_up_life: settings.step_up_life,
        };
        let throttle = Arc::new(Throttle::new(
            settings.limits(),
            cluster.as_ref().map_or_else(
                || Arc::new(MemoryLimiter::default()) as Arc<dyn Limiter>,
                |cluster| Arc::new(cluster.limiter()),
            ),
            secrets.refresh_token.current(),
            store.clone(),
            clock.clone(),
            entropy.clone(),
        ));
        let administration = Administration {
            store: store.clone(),
            revocation: revocation.clone(),
            throttle: throttle.clone(),
            clock: clock.clone(),
        };
        let keys = Arc::new(SigningKeys::new(secrets.access_token));
        let readiness = Arc::new(Readiness::new(store.clone(), revocation.clone(), keys.clone()));
        let sessions = Sessions {
            refresh_keys: RefreshKeys::derive(secrets.refresh_token.current()),
            access_tokens: AccessTokens::new(keys, settings.issuer(), settings.audience(), settings.access_token_life),
            revocation,
            proof_of_use: ProofOfUse::start(store.clone(), clock.clone()),
            policy: settings.rotation_policy(),
            absolute_life: settings.session_absolute_life,
            step_up_life: settings.step_up_life,
            store,
            clock,
            entropy,
        };
        let database = settings.database_server().map_err(|error| Error::Internal(error.to_string()))?;
        let playground = Playground::new(
            database,
            secrets.refresh_token.current(),
            accounts.hasher.clone(),
            sessions.clock.clone(),
            sessions.entropy.clone(),
        );
        let secure = !settings.insecure_cookies;
        Ok(Self {
            settings: Arc::new(settings),
            accounts: Arc::new(accounts),
            sessions: Arc::new(sessions),
            administration: Arc::new(administration),
            cookies: RefreshCookies { secure },
            throttle,
            device_cookie: DeviceCookie { secure },
            playground: Arc::new(playground),
            cluster,
            readiness,
        })
    }

    /// Follows the other nodes, where there are any; never returns.
    pub async fn follow_others(self) {
        if let Some(cluster) = self.cluster {
            let sessions = &self.sessions;
            let keys = sessions.access_tokens.keys().clone();
            let denylist = sessions.revocation.denylist.clone();
            let link = Link::new(cluster, sessions.store.clone(), denylist, keys, sessions.clock.clone());
            link.follow(self.settings.denylist_blind_after).await;
        }
    }
}
