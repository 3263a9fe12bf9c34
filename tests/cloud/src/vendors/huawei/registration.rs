//! A user of Huawei's Identity and Access Management creates a device: for scripts that have the user's password, as LuatOS's.
//!
//! Sources, documents of support.huaweicloud.com: api-iam/iam_30_0001 (`POST /v3/auth/tokens`: the token comes in the header
//! `X-Subject-Token` and is good for a day) and api-iothub/iot_06_v5_0046 (`POST /v5/iot/{project_id}/devices`). On this machine one
//! HTTPS service stands for both hosts. The codes of refusals are conventions of ours, but for the statuses.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::http::{Request, Response};
use super::super::{Accounts, Maker, Wish, envelope};
use crate::random;

/// What the cloud keeps.
pub const PROJECT: &str = "projectId";
pub const PASSWORD: &str = "iamPassword";

const DOMAIN: &str = "local";
const USER: &str = "local-user";
const REGION: &str = "cn-north-4";
const TOKENS: &str = "/v3/auth/tokens";
const DAY_MS: u64 = 86_400_000;
/// Real tokens are texts of thousands of characters.
const TOKEN: usize = 3000;

/// The tokens given out, and until when they are good.
pub type Tokens = HashMap<String, u64>;

/// The id of a device whose registration named none.
pub fn device_id(product: &str, node: &str) -> String {
    format!("{product}_{node}")
}

/// What a script passes to `Device.register`, but for the device's name.
pub fn describe(accounts: &Accounts) -> Value {
    json!({
        "cloud": "huawei",
        "productId": accounts.iter().next().map(|first| &first.product),
        "endpoint": "local",
        "region": REGION,
        "projectId": accounts.kept(PROJECT),
        "iamUser": USER,
        "iamPassword": accounts.kept(PASSWORD),
        "iamDomain": DOMAIN,
    })
}

pub fn serves(path: &str) -> bool {
    path == TOKENS || project(path).is_some()
}

fn project(path: &str) -> Option<&str> {
    path.strip_prefix("/v5/iot/")?.strip_suffix("/devices")
}

/// Answers a request to one of these paths.
pub fn answer(tokens: &mut Tokens, make: Maker, accounts: &mut Accounts, request: &Request, now_ms: u64) -> Response {
    match project(request.path) {
        Some(_) if !is_good(tokens, request, now_ms) => {
            let why = "the token is not one, or has expired";
            Response::new(401, json!({ "error_code": "IOTDA.000002", "error_msg": why })).refused("IOTDA.000002", why)
        }
        Some(project) => create(make, accounts, request, project),
        None => give_token(tokens, accounts, request, now_ms),
    }
}

/// `{"auth":{"identity":{"methods":["password"],"password":{"user":{"name","password","domain":{"name"}}}},"scope":{"project":…}}}`
fn give_token(tokens: &mut Tokens, accounts: &Accounts, request: &Request, now_ms: u64) -> Response {
    let refused = |status: u64, title: &str, words: &str| {
        let body = json!({ "error": { "code": status, "message": words, "title": title } });
        Response::new(status, body).about("", USER).refused(status, words)
    };
    let body = match request.json() {
        Ok(body) => Value::Object(body),
        Err(why) => return refused(400, "Bad Request", &why),
    };
    let (identity, scope) = (&body["auth"]["identity"], &body["auth"]["scope"]["project"]);
    let user = &identity["password"]["user"];
    if identity["methods"] != json!(["password"]) || !["name", "password"].iter().all(|key| user[*key].is_string()) {
        return refused(400, "Bad Request", "the identity is not a user with a password");
    }
    if user["name"] != USER || user["domain"]["name"] != DOMAIN || user["password"] != accounts.kept(PASSWORD) {
        return refused(401, "Unauthorized", "The username or password is wrong.");
    }
    if scope["name"] != REGION && scope["id"] != accounts.kept(PROJECT) {
        return refused(401, "Unauthorized", "the scope is not the project");
    }
    let Ok(token) = random::text(TOKEN) else {
        return refused(500, "Internal Server Error", "no token");
    };
    tokens.insert(token.clone(), now_ms + DAY_MS);
    let body = json!({ "token": { "methods": ["password"], "user": { "name": USER, "domain": { "name": DOMAIN } } } });
    Response::new(201, body).header("X-Subject-Token", &token).about("", USER)
}

/// Does the request bring a token that was given out and is still good?
fn is_good(tokens: &Tokens, request: &Request, now_ms: u64) -> bool {
    tokens.get(request.header("x-auth-token")).is_some_and(|until| *until > now_ms)
}

/// `{"product_id","node_id"}`; the answer has the device's id and secret.
fn create(make: Maker, accounts: &mut Accounts, request: &Request, project: &str) -> Response {
    let body = request.json();
    let field = |key: &str| body.as_ref().map_err(Clone::clone).and_then(|body| envelope::text(body, key));
    let (product, node) = (field("product_id").unwrap_or_default(), field("node_id").unwrap_or_default());
    let created = (|| {
        let no = |status: u64, code: &'static str, why: String| (status, code, why);
        if project != accounts.kept(PROJECT) {
            return Err(no(403, "IOTDA.000004", format!("the user has no project {project:?}")));
        }
        for key in ["product_id", "node_id"] {
            field(key).map_err(|why| no(400, "IOTDA.000006", why))?;
        }
        if !accounts.iter().any(|account| account.product == product) {
            return Err(no(404, "IOTDA.014004", format!("no product has the id {product:?}")));
        }
        if accounts.get(product, node).is_some() {
            return Err(no(400, "IOTDA.014031", format!("the device {node:?} exists already")));
        }
        let account = make(&Wish { product: Some(product), device: node }, accounts);
        let account = account.map_err(|why| no(400, "IOTDA.000006", why))?;
        let secret = account.text("deviceSecret").to_owned();
        accounts.put(account);
        Ok(secret)
    })();
    let response = match created {
        Ok(secret) => Response::new(
            201,
            json!({
                "device_id": device_id(product, node), "node_id": node, "product_id": product, "status": "INACTIVE",
                "auth_info": { "auth_type": "SECRET", "secret": secret, "secure_access": true, "timeout": 0 },
            }),
        ),
        Err((status, code, why)) => {
            Response::new(status, json!({ "error_code": code, "error_msg": why })).refused(code, &why)
        }
    };
    response.about(product, node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Cloud;
    use crate::commands;
    use crate::vendors::tests::{cloud, last};

    fn huawei() -> Cloud {
        let device = json!({"cloud": "huawei", "productId": "p", "deviceName": "other", "deviceSecret": "s"});
        cloud("huawei", &json!({ "projectId": "project", "iamPassword": "hush" }), &[("p", "other", device)])
    }

    fn post(cloud: &mut Cloud, path: &str, header: &str, body: &Value) -> (Value, Value, Value) {
        let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{header}\r\n");
        let (told, _) = commands::run(cloud, &json!({ "do": "post", "head": head, "body": body.to_string() }));
        let body = serde_json::from_str(told["body"].as_str().unwrap_or_else(|| panic!("{told}"))).unwrap();
        (told["status"].clone(), told["headers"].clone(), body)
    }

    fn login() -> Value {
        let user = json!({"name": USER, "password": "hush", "domain": {"name": DOMAIN}});
        json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": user}}, "scope": {"project": {"name": REGION}},
        }})
    }

    fn token(cloud: &mut Cloud) -> String {
        let (status, headers, _) = post(cloud, "/v3/auth/tokens?nocatalog=true", "", &login());
        assert_eq!(status, 201);
        format!("X-Auth-Token: {}\r\n", headers["X-Subject-Token"].as_str().unwrap())
    }

    const DEVICES: &str = "/v5/iot/project/devices";

    #[test]
    fn a_user_creates_a_device() {
        let mut cloud = huawei();
        let token = token(&mut cloud);
        let body = json!({"product_id": "p", "node_id": "test"});
        let (status, _, reply) = post(&mut cloud, DEVICES, &token, &body);
        assert_eq!((&status, &reply["device_id"]), (&json!(201), &json!("p_test")));
        let described = cloud.vendors.describe();
        let devices = described["huawei"]["devices"].as_array().unwrap();
        assert_eq!(devices.last().unwrap()["deviceSecret"], reply["auth_info"]["secret"]);
        assert_eq!(post(&mut cloud, DEVICES, &token, &body).0, 400);
        let record = last(&cloud, "registration");
        assert_eq!((&record["ok"], &record["code"]), (&json!(false), &json!("IOTDA.014031")));
    }

    #[test]
    fn refusals() {
        let change = |path: &[&str], value: Value| {
            let mut body = login();
            *path.iter().fold(&mut body, |at, key| &mut at[*key]) = value;
            body
        };
        let user = ["auth", "identity", "password", "user"];
        for (path, value, status) in [
            (vec!["auth"], json!(1), 400),
            (vec!["auth", "identity", "methods"], json!(["token"]), 400),
            ([&user[..], &["password"]].concat(), json!("wrong"), 401),
            ([&user[..], &["name"]].concat(), json!("nobody"), 401),
            ([&user[..], &["domain"]].concat(), json!({"name": "other"}), 401),
            (vec!["auth", "scope"], json!({"project": {"name": "elsewhere"}}), 401),
        ] {
            let (told, headers, body) = post(&mut huawei(), TOKENS, "", &change(&path, value));
            assert_eq!(
                (told, &body["error"]["code"], &headers),
                (json!(status), &json!(status), &json!({})),
                "{path:?}"
            );
        }
        let mut cloud = huawei();
        let token = token(&mut cloud);
        let body = json!({"product_id": "p", "node_id": "test"});
        assert_eq!(post(&mut cloud, DEVICES, "", &body).0, 401);
        assert_eq!(post(&mut cloud, "/v5/iot/other/devices", &token, &body).0, 403);
        assert_eq!(post(&mut cloud, DEVICES, &token, &json!({"product_id": "p"})).0, 400);
        assert_eq!(post(&mut cloud, DEVICES, &token, &json!({"product_id": "q", "node_id": "test"})).0, 404);
        commands::run(&mut cloud, &json!({"do": "clock", "cloud": "huawei", "seconds": 86_400}));
        assert_eq!(post(&mut cloud, DEVICES, &token, &body).0, 401);
    }
}
