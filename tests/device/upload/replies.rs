//! What each answer of the platform does to an upload.

use super::*;

#[test]
fn a_block_that_arrived_damaged_is_sent_again() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.arrives([first.reply(78121, json!({}))]);
    let again = block(&mut net, &content);
    assert_eq!((&again.id, &again.params, &again.data), (&first.id, &first.params, &first.data));
    net.arrives([again.thanks()]);
    assert_eq!(block(&mut net, &content).offset(), 256);
}

#[test]
fn a_block_that_always_arrives_damaged_ends_the_upload() {
    let content = content(600);
    let mut net = begun(&content, 256);
    for _ in 0..5 {
        let block = block(&mut net, &content);
        net.arrives([block.reply(78121, json!({}))]);
    }
    net.tells([Told::UploadFailed(78121)]);
    let cancel = request(&mut net, "cancel");
    assert_eq!(cancel.params, json!({"uploadId": "up-1"}));
    net.device.upload().begin(file(&content), 256).unwrap();
}

#[test]
fn a_block_that_is_there_already_is_not_sent_again() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.arrives([first.reply(78126, json!({}))]);
    let second = block(&mut net, &content);
    assert_eq!(second.offset(), 256);
    net.arrives([second.thanks()]);
    let last = block(&mut net, &content);
    net.arrives([last.reply(78126, json!({}))]);
    net.tells([uploaded()]);
}

#[test]
fn the_upload_goes_on_where_the_platform_says() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.arrives([first.thanks()]);
    let second = block(&mut net, &content);
    net.arrives([second.reply(78119, json!({"uploadId": "up-1", "offset": 100}))]);
    assert_eq!(block(&mut net, &content).offset(), 100);

    // A platform that knows the upload's id already has a part of the file.
    let mut net = Net::online();
    net.device.upload().begin(file(&content), 256).unwrap();
    let init = request(&mut net, "init");
    net.arrives([init.reply(200, json!({"uploadId": "up-1", "offset": 512}))]);
    let last = block(&mut net, &content);
    assert_eq!((last.offset(), last.data.len()), (512, 88));
    net.arrives([last.thanks()]);
    net.tells([uploaded()]);

    // Or all of it.
    net.device.upload().begin(file(&content), 256).unwrap();
    let init = request(&mut net, "init");
    net.arrives([init.reply(200, json!({"uploadId": "up-1", "offset": 600}))]);
    net.tells([uploaded()]);
}

#[test]
fn an_upload_that_the_platform_has_lost_begins_anew() {
    // No such task; an offset without the right one; one that leads nowhere.
    for (code, data) in [(78122, json!({})), (78119, json!({})), (78119, json!({"offset": 256})), (78119, json!(null))]
    {
        let content = content(600);
        let mut net = Net::online();
        net.device.upload().begin(file(&content), 256).unwrap();
        let mut init = request(&mut net, "init");
        for _ in 0..3 {
            net.arrives([init.welcome()]);
            let first = block(&mut net, &content);
            assert_eq!(first.offset(), 0);
            net.arrives([first.thanks()]);
            let second = block(&mut net, &content);
            net.arrives([second.reply(code, data.clone())]);
            let anew = request(&mut net, "init");
            assert_ne!(anew.params["initUid"], init.params["initUid"], "the old one is lost");
            init = anew;
        }
        net.arrives([init.welcome()]);
        let first = block(&mut net, &content);
        net.arrives([first.thanks()]);
        let second = block(&mut net, &content);
        net.arrives([second.reply(code, data)]);
        net.tells([Told::UploadFailed(code)]);
        request(&mut net, "cancel");
    }
}

#[test]
fn a_finished_upload_is_finished() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.arrives([first.reply(78124, json!({}))]);
    net.tells([uploaded()]);
    net.sends([]);
}

#[test]
fn a_file_whose_sum_is_wrong_on_the_other_side_has_failed() {
    let content = content(100);
    let sum = sum64(&content);
    let right = json!({"complete": true, "ficMode": "crc64", "ficValueServer": format!("{sum:016X}")});
    let wrong = json!({"complete": true, "ficMode": "crc64", "ficValueServer": format!("{:016x}", sum ^ 1)});
    for (code, data, told) in [
        (200, right, uploaded()),
        (200, wrong, Told::UploadFailed(78125)),
        (78125, json!({}), Told::UploadFailed(78125)),
    ] {
        let mut net = begun(&content, 256);
        let only = block(&mut net, &content);
        net.arrives([only.reply(code, data)]);
        net.tells([told]);
    }
}

#[test]
fn too_fast_means_slower() {
    for code in [78127, 429, 500] {
        let content = content(600);
        let mut net = begun(&content, 256);
        let mut last = block(&mut net, &content);
        for seconds in [2, 4, 8, 16] {
            net.arrives([last.reply(code, json!({}))]);
            net.wait(seconds * 1_000 - 1);
            net.tells([]);
            net.wait(1);
            let again = block(&mut net, &content);
            assert_eq!((&again.id, &again.data), (&last.id, &last.data));
            last = again;
        }
        net.arrives([last.reply(code, json!({}))]);
        net.tells([Told::UploadFailed(code)]);
    }
    // Of the request for an upload as well.
    let mut net = Net::online();
    net.device.upload().begin(file(b"x"), 256).unwrap();
    let init = request(&mut net, "init");
    net.arrives([init.reply(429, json!({}))]);
    net.wait(2_000);
    let again = request(&mut net, "init");
    assert_eq!((init.id, init.params), (again.id, again.params));
}

#[test]
fn every_other_code_ends_the_upload_at_once() {
    for code in [400, 460, 78117, 78118, 78120, 78123, 4_711, -1] {
        let mut net = Net::online();
        net.device.upload().begin(file(b"x"), 256).unwrap();
        let init = request(&mut net, "init");
        net.arrives([init.reply(code, json!({}))]);
        net.tells([Told::UploadFailed(code)]);
        net.sends([]);

        let content = content(300);
        let mut net = begun(&content, 256);
        let first = block(&mut net, &content);
        net.arrives([first.reply(code, json!({}))]);
        net.tells([Told::UploadFailed(code)]);
        request(&mut net, "cancel");
    }
}

#[test]
fn an_upload_needs_an_id() {
    let ids = [json!(""), json!("x".repeat(65)), json!(null), json!(true), json!(5), json!({}), json!(["x"])];
    let ids = ids.map(|id| json!({ "uploadId": id }));
    for data in [json!({}), json!([]), json!(null)].into_iter().chain(ids) {
        let mut net = Net::online();
        net.device.upload().begin(file(b"x"), 256).unwrap();
        let init = request(&mut net, "init");
        net.arrives([init.reply(200, data.clone())]);
        net.tells([Told::UploadFailed(0)]);
        net.sends([]);
    }
}

#[test]
fn replies_to_others_and_replies_that_are_none_are_ignored() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    let mut stranger = first.clone();
    stranger.id = "1".into();
    net.arrives([stranger.thanks(), stranger.reply(78125, json!({}))]);
    for payload in ["", "{", "[]", "{}", &json!({"id": first.id}).to_string(), &json!({"code": 200}).to_string()] {
        net.arrives([qos0(&topic("send_reply"), payload.as_bytes())]);
    }
    net.tells([]);
    net.arrives([first.thanks(), first.thanks()]);
    let second = block(&mut net, &content);
    assert_eq!(second.offset(), 256);
    net.arrives([first.thanks()]);
    net.tells([]);
    net.arrives([second.thanks()]);
    assert_eq!(block(&mut net, &content).offset(), 512);
}

#[test]
fn uploads_of_the_scripts_own_making_are_left_to_it() {
    let mut net = Net::online();
    net.device.subscribe(&topic("send_reply"), Qos::AtMostOnce).unwrap();
    let id = packet_id(&net.sends_one());
    net.arrives([suback(id, Some(0)), qos0(&topic("send_reply"), b"{\"id\":\"7\",\"code\":200}")]);
    let told = net.take_told();
    assert_eq!(told[1..], [message(&topic("send_reply"), b"{\"id\":\"7\",\"code\":200}")]);
}
