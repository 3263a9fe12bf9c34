//! Registration with a CONNECT that is none: the key is pushed to who sent it.

use super::{Claim, Registry, grant, no, note};
use crate::acts::Act;
use crate::login::{self, Attempt, BAD_PASSWORD, BAD_PROTOCOL, NOT_AUTHORISED, Refusal};

/// Is this login none, but a registration?
pub fn is_asked_for(attempt: &Attempt) -> bool {
    let asks = |pair: &str| matches!(pair, "authType=register" | "authType=regnwl");
    attempt.client_id.split(['|', ',']).any(asks)
}

/// The answer is pushed on a topic that nobody has subscribed to, and CONNACK says no.
pub fn over_mqtt(registry: &mut Registry, attempt: &Attempt) -> Result<Vec<Act>, Refusal> {
    if attempt.protocol != 4 {
        return login::refuse(BAD_PROTOCOL, format!("protocol level {}: only MQTT 3.1.1 is served", attempt.protocol));
    }
    let (_, options) = login::split_client_id(&attempt.client_id)?;
    let option = |key: &str| options.iter().find(|(k, _)| *k == key).map_or("", |(_, value)| *value);
    let Some(name) = login::claimed_name(&attempt.user_name) else {
        return login::refuse(BAD_PASSWORD, format!("user name {:?} is not deviceName&productKey", attempt.user_name));
    };
    let way = option("authType");
    let claim = Claim {
        name: name.clone(),
        random: option("random"),
        method: option("signmethod"),
        signature: &attempt.password,
        listed: way == "register",
    };
    let outcome = match option("securemode") {
        _ if !attempt.tls => no(460, NOT_AUTHORISED, "registration needs TLS"),
        _ if attempt.will => no(460, NOT_AUTHORISED, "a will is not supported"),
        "2" | "-2" => grant(registry.devices, &claim),
        other => no(460, NOT_AUTHORISED, format!("securemode={other} is not for registration")),
    };
    note(registry, &name, way, &outcome);
    match outcome {
        Ok(data) => {
            let topic = format!("/ext/{way}");
            let payload = registry.provoked.payload(data).into_bytes();
            Ok(vec![Act::Publish { to: Some(attempt.client_id.clone()), topic, payload, qos: 1 }])
        }
        Err(no) => login::refuse(no.connack, no.reason),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::signature;
    use super::*;
    use crate::cloud::tests::cloud;
    use crate::devices::{Key, Name};
    use crate::login::BAD_CLIENT_ID;

    fn attempt(device: &str, kind: &str) -> Attempt {
        Attempt {
            client_id: format!("me|random=1,authType={kind},securemode=2,signmethod=hmacsha256|"),
            user_name: format!("{device}&a1B2c3D4e5F"),
            password: signature(device, "1"),
            keepalive: 1200,
            clean: true,
            protocol: 4,
            port: 8883,
            tls: true,
            certificate: None,
            will: false,
        }
    }

    #[test]
    fn over_mqtt_a_listed_device_gets_a_secret_and_another_a_token() {
        let mut cloud = cloud();
        let acts = over_mqtt(&mut cloud.registry(), &attempt("dev01", "register")).unwrap();
        assert!(matches!(&acts[..], [Act::Publish { to: Some(_), topic, .. }] if topic == "/ext/register"));
        assert_eq!(over_mqtt(&mut cloud.registry(), &attempt("new", "register")).unwrap_err().code, NOT_AUTHORISED);
        assert_eq!(over_mqtt(&mut cloud.registry(), &attempt("new", "regnwl")).unwrap_err().code, NOT_AUTHORISED);
        cloud.devices.allow("a1B2c3D4e5F", None, Some(true), None).unwrap();
        let acts = over_mqtt(&mut cloud.registry(), &attempt("new", "regnwl")).unwrap();
        assert!(matches!(&acts[..], [Act::Publish { topic, .. }] if topic == "/ext/regnwl"));
        assert_eq!(over_mqtt(&mut cloud.registry(), &attempt("dev01", "regnwl")).unwrap_err().code, NOT_AUTHORISED);

        let Some(Key::Token { client_id, token }) = cloud.devices.key(&Name::new("a1B2c3D4e5F", "new")).cloned() else {
            panic!()
        };
        let login = |id: &str, password: &str| Attempt {
            client_id: format!("{id}|authType=connwl,securemode=-2,_ss=1,ext=3|"),
            password: password.into(),
            ..attempt("new", "")
        };
        let mut code = |attempt: &Attempt| cloud.login(1, attempt).err().map_or(0, |refusal| refusal.code);
        assert_eq!(code(&login(&client_id, "other")), BAD_PASSWORD);
        assert_eq!(code(&login("other", &token)), BAD_PASSWORD);
        assert_eq!(code(&Attempt { tls: false, ..login(&client_id, &token) }), NOT_AUTHORISED);
        assert_eq!(
            code(&Attempt { client_id: "me|securemode=2,signmethod=hmacsha256|".into(), ..attempt("new", "") }),
            BAD_PASSWORD
        );
        assert_eq!(code(&login(&client_id, &token)), 0);
    }

    #[test]
    fn refusals_over_mqtt() {
        let wrong = |change: fn(&mut Attempt)| {
            let mut attempt = attempt("dev01", "register");
            change(&mut attempt);
            cloud().login(1, &attempt).err().map_or(0, |refusal| refusal.code)
        };
        assert_eq!(wrong(|_| ()), 0);
        assert_eq!(wrong(|k| k.password.clear()), BAD_PASSWORD);
        assert_eq!(wrong(|k| k.user_name = "dev01".into()), BAD_PASSWORD);
        assert_eq!(wrong(|k| k.user_name = "dev01&other".into()), NOT_AUTHORISED);
        assert_eq!(wrong(|k| k.tls = false), NOT_AUTHORISED);
        assert_eq!(wrong(|k| k.protocol = 5), BAD_PROTOCOL);
        assert_eq!(wrong(|k| k.client_id = k.client_id.replace("securemode=2", "securemode=3")), NOT_AUTHORISED);
        assert_eq!(wrong(|k| k.client_id = k.client_id.replace("random=1,", "")), BAD_CLIENT_ID);
    }
}
