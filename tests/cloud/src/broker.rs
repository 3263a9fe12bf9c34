//! Where the broker calls in, and how it is called: mosquitto's plugin interface, version 5.
//!
//! Declared by hand from `mosquitto_broker.h` and `mosquitto_plugin.h` of mosquitto 2.0; unchanged from
//! 2.0.11 to 2.0.21. No panic leaves this file.

#![allow(unsafe_code)]

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char, c_int, c_long, c_void};
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fs, ptr, slice};

use serde_json::Value;
use sha2::Digest;

use crate::acts::{Act, Verdict};
use crate::cloud::Cloud;
use crate::control::{self, Bell, Desk, Request};
use crate::devices::Devices;
use crate::login::Attempt;
use crate::{commands, files, handshakes, https, vendors, wire};

const SUCCESS: c_int = 0;
const PROTOCOL_ERROR: c_int = 2;
const AUTH_ERROR: c_int = 11;
const ACL_DENIED: c_int = 12;
const UNKNOWN_ERROR: c_int = 13;

/// The file of the other vendors' devices, beside that of Alibaba's.
const VENDORS: &str = "vendors.json";

const ACL_CHECK: c_int = 2;
const BASIC_AUTH: c_int = 3;
const MESSAGE: c_int = 7;
const TICK: c_int = 9;
const DISCONNECT: c_int = 10;

const ACL_WRITE: c_int = 2;
const ACL_SUBSCRIBE: c_int = 4;
const ACL_UNSUBSCRIBE: c_int = 8;

/// `struct mosquitto`: one client, opaque.
type Client = c_void;
type Callback = unsafe extern "C" fn(c_int, *mut c_void, *mut c_void) -> c_int;

#[repr(C)]
struct BasicAuth {
    future: *mut c_void,
    client: *const Client,
    user_name: *const c_char,
    password: *const c_char,
    future2: [*mut c_void; 4],
}

#[repr(C)]
struct AclCheck {
    future: *mut c_void,
    client: *const Client,
    topic: *const c_char,
    payload: *const c_void,
    properties: *mut c_void,
    access: c_int,
    payload_length: u32,
    qos: u8,
    retain: bool,
    future2: [*mut c_void; 4],
}

#[repr(C)]
struct Message {
    future: *mut c_void,
    client: *const Client,
    topic: *const c_char,
    payload: *const c_void,
    properties: *mut c_void,
    reason_string: *mut c_char,
    payload_length: u32,
    qos: u8,
    reason_code: u8,
    retain: bool,
    future2: [*mut c_void; 4],
}

#[repr(C)]
struct Disconnect {
    future: *mut c_void,
    client: *const Client,
    reason: c_int,
    future2: [*mut c_void; 4],
}

/// `struct mosquitto_opt`: one `plugin_opt_` line of the configuration.
#[repr(C)]
pub struct PluginOption {
    key: *const c_char,
    value: *const c_char,
}

unsafe extern "C" {
    fn mosquitto_callback_register(
        plugin: *mut c_void,
        event: c_int,
        callback: Callback,
        event_data: *const c_void,
        user_data: *mut c_void,
    ) -> c_int;
    fn mosquitto_client_id(client: *const Client) -> *const c_char;
    fn mosquitto_client_keepalive(client: *const Client) -> c_int;
    fn mosquitto_client_clean_session(client: *const Client) -> bool;
    fn mosquitto_client_protocol_version(client: *const Client) -> c_int;
    fn mosquitto_kick_client_by_clientid(client_id: *const c_char, with_will: bool) -> c_int;
    fn mosquitto_broker_publish_copy(
        client_id: *const c_char,
        topic: *const c_char,
        length: c_int,
        payload: *const c_void,
        qos: c_int,
        retain: bool,
        properties: *mut c_void,
    ) -> c_int;
}

/// The plugin's state, which the broker hands back to every callback.
struct Plugin {
    cloud: RefCell<Cloud>,
    requests: Receiver<Request>,
    /// While a client is kicked, the broker asks about its subscriptions again: not news.
    kicking: Cell<bool>,
    /// Where the register of devices is kept.
    kept: PathBuf,
    /// Where those of the other vendors are kept.
    kept_vendors: PathBuf,
}

/// The version of the interface that this plugin speaks.
///
/// # Safety
/// Called by the broker with an array of `count` versions.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mosquitto_plugin_version(count: c_int, versions: *const c_int) -> c_int {
    let count = usize::try_from(count).unwrap_or(0);
    if versions.is_null() {
        return -1;
    }
    // SAFETY: the broker's promise.
    let versions = unsafe { slice::from_raw_parts(versions, count) };
    if versions.contains(&5) { 5 } else { -1 }
}

/// Reads the options, opens the control port and registers for events.
///
/// # Safety
/// Called once by the broker, with `count` options.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mosquitto_plugin_init(
    plugin: *mut c_void,
    user_data: *mut *mut c_void,
    options: *const PluginOption,
    count: c_int,
) -> c_int {
    let start = || -> Result<(), String> {
        // SAFETY: the broker's promise.
        let options = unsafe { read_options(options, count) };
        let state = Box::into_raw(Box::new(start(&options)?)).cast::<c_void>();
        // SAFETY: the broker lends the place for the pointer that it will hand back.
        unsafe { *user_data = state };
        for event in [ACL_CHECK, BASIC_AUTH, MESSAGE, TICK, DISCONNECT] {
            // SAFETY: `plugin` is the broker's own identifier; the state lives until cleanup.
            let code = unsafe { mosquitto_callback_register(plugin, event, on_event, ptr::null(), state) };
            if code != SUCCESS {
                return Err(format!("the broker does not offer event {event}: error {code}"));
            }
        }
        Ok(())
    };
    match catch_unwind(AssertUnwindSafe(start)) {
        Ok(Ok(())) => SUCCESS,
        Ok(Err(why)) => {
            eprintln!("local cloud: {why}");
            UNKNOWN_ERROR
        }
        Err(_) => UNKNOWN_ERROR,
    }
}

/// The broker is about to end.
///
/// # Safety
/// Called once by the broker, after the last event, with what `mosquitto_plugin_init` stored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mosquitto_plugin_cleanup(user_data: *mut c_void, _: *const PluginOption, _: c_int) -> c_int {
    if !user_data.is_null() {
        // SAFETY: made by `Box::into_raw` in `mosquitto_plugin_init`, and not used any more.
        let plugin = unsafe { Box::from_raw(user_data.cast::<Plugin>()) };
        let _ = catch_unwind(AssertUnwindSafe(|| drop(plugin)));
    }
    SUCCESS
}

fn start(options: &HashMap<String, String>) -> Result<Plugin, String> {
    let option = |key: &str| options.get(key).ok_or_else(|| format!("plugin_opt_{key} is missing"));
    die_with(option("launcher")?)?;
    let path = option("devices")?;
    let list = fs::read(path).map_err(|e| format!("{path}: {e}"))?;
    let list = serde_json::from_slice(&list).map_err(|e| format!("{path}: {e}"))?;
    let devices = Devices::from_json(&list).map_err(|why| format!("{path}: {why}"))?;
    let folder = Path::new(path).parent().unwrap_or(Path::new("."));
    let kept_vendors = folder.join(VENDORS);
    let list = match fs::read(&kept_vendors) {
        Ok(list) => serde_json::from_slice(&list).map_err(|e| format!("{}: {e}", kept_vendors.display()))?,
        Err(why) if why.kind() == ErrorKind::NotFound => Value::Null,
        Err(why) => return Err(format!("{}: {why}", kept_vendors.display())),
    };
    let issuer = folder.join("device-ca.key");
    let issuer = fs::read_to_string(&issuer).map_err(|e| format!("{}: {e}", issuer.display()))?;
    let vendors = options.get("vendors").map_or("", |wanted| wanted);
    let vendors =
        vendors::State::start(vendors, &list, &issuer).map_err(|why| format!("{}: {why}", kept_vendors.display()))?;
    let port = |use_: &str| {
        let port = option(&format!("{use_}_port"))?;
        port.parse::<u16>().map_err(|e| format!("{use_} port {port}: {e}"))
    };
    let (control_port, https_port) = (port("control")?, port("https")?);
    let (sender, requests) = channel();
    let desk = Desk { requests: sender, bell: bell() };
    control::listen(control_port, option("token")?, &desk).map_err(|e| format!("control port {control_port}: {e}"))?;
    let ask = Arc::new(move |command| desk.ask(command));
    https::listen(https_port, folder, ask).map_err(|why| format!("HTTPS port {https_port}: {why}"))?;
    let cloud = RefCell::new(Cloud::new(devices, vendors));
    Ok(Plugin { cloud, requests, kicking: Cell::new(false), kept: PathBuf::from(path), kept_vendors })
}

/// The broker ends when its launcher does, however that ends.
fn die_with(launcher: &str) -> Result<(), String> {
    // SAFETY: a plain system call.
    let code = unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM) };
    // SAFETY: a plain system call.
    let parent = unsafe { libc::getppid() };
    match code == 0 && parent.to_string() == launcher {
        true => Ok(()),
        false => Err("the launcher is gone".into()),
    }
}

/// A bell that interrupts the broker's wait: otherwise it looks around ten times a second.
fn bell() -> Bell {
    extern "C" fn ignore(_: c_int) {}
    // SAFETY: a handler that does nothing, for a signal that otherwise does nothing.
    let broker = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = ignore as *const () as usize;
        action.sa_flags = libc::SA_RESTART;
        libc::sigaction(libc::SIGURG, &action, ptr::null_mut());
        libc::pthread_self()
    };
    Arc::new(move || {
        // SAFETY: the broker's main thread lives as long as the process.
        unsafe { libc::pthread_kill(broker, libc::SIGURG) };
    })
}

/// Every event comes here.
unsafe extern "C" fn on_event(event: c_int, data: *mut c_void, user_data: *mut c_void) -> c_int {
    let handle = || {
        // SAFETY: `user_data` is what `mosquitto_plugin_init` registered.
        let plugin = unsafe { &*user_data.cast::<Plugin>() };
        plugin.cloud.borrow_mut().tick(now_ms());
        // SAFETY: the broker hands over the structure that belongs to the event, for the time of the call.
        unsafe {
            match event {
                BASIC_AUTH => plugin.basic_auth(&*data.cast()),
                ACL_CHECK => plugin.acl_check(&*data.cast()),
                MESSAGE => plugin.message(&*data.cast()),
                DISCONNECT => plugin.disconnect(&*data.cast()),
                _ => SUCCESS,
            }
        }
    };
    let code = catch_unwind(AssertUnwindSafe(handle)).unwrap_or(UNKNOWN_ERROR);
    let _ = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: as above.
        let plugin = unsafe { &*user_data.cast::<Plugin>() };
        if event == TICK {
            plugin.note_handshakes();
            plugin.take_requests();
        }
        plugin.keep();
    }));
    code
}

impl Plugin {
    /// # Safety
    /// `event` is as the broker made it.
    unsafe fn basic_auth(&self, event: &BasicAuth) -> c_int {
        let connect = wire::connect();
        // SAFETY: the broker's client and strings live for the time of the call.
        let attempt = unsafe {
            Attempt {
                client_id: text(mosquitto_client_id(event.client)),
                user_name: text(event.user_name),
                password: text(event.password),
                keepalive: mosquitto_client_keepalive(event.client).into(),
                clean: mosquitto_client_clean_session(event.client),
                protocol: mosquitto_client_protocol_version(event.client).into(),
                port: connect.port,
                tls: connect.tls,
                certificate: connect.certificate.map(|der| hex::encode(sha2::Sha256::digest(der))),
                will: connect.will,
            }
        };
        let verdict = self.cloud.borrow_mut().login(event.client as usize, &attempt);
        match verdict {
            Ok(acts) => {
                self.perform(acts);
                SUCCESS
            }
            Err(refusal) => {
                wire::refuse_with(refusal.code);
                AUTH_ERROR
            }
        }
    }

    /// # Safety
    /// `event` is as the broker made it.
    unsafe fn acl_check(&self, event: &AclCheck) -> c_int {
        if self.kicking.get() {
            return SUCCESS;
        }
        let link = event.client as usize;
        // SAFETY: topic and payload live for the time of the call.
        let (topic, payload) = unsafe { (text(event.topic), bytes(event.payload, event.payload_length)) };
        let mut cloud = self.cloud.borrow_mut();
        let verdict = match event.access {
            ACL_WRITE => cloud.publish(link, &topic, payload, event.qos, event.retain),
            ACL_SUBSCRIBE => cloud.subscribe(link, &topic, event.qos),
            ACL_UNSUBSCRIBE => {
                cloud.unsubscribe(link, &topic);
                Verdict::Allow
            }
            // Reading: what a device may subscribe, it may read.
            _ => Verdict::Allow,
        };
        answer(verdict)
    }

    /// # Safety
    /// `event` is as the broker made it.
    unsafe fn message(&self, event: &Message) -> c_int {
        // SAFETY: topic and payload live for the time of the call.
        let (topic, payload) = unsafe { (text(event.topic), bytes(event.payload, event.payload_length)) };
        let link = event.client as usize;
        let (verdict, acts) = self.cloud.borrow_mut().message(link, &topic, payload, event.qos);
        self.perform(acts);
        answer(verdict)
    }

    fn disconnect(&self, event: &Disconnect) -> c_int {
        self.cloud.borrow_mut().gone(event.client as usize);
        SUCCESS
    }

    fn take_requests(&self) {
        while let Ok(request) = self.requests.try_recv() {
            match request {
                Request::Watch(watcher) => self.cloud.borrow_mut().journal.watch(watcher),
                Request::Run(command, reply) => {
                    let (answer, acts) = commands::run(&mut self.cloud.borrow_mut(), &command);
                    self.perform(acts);
                    // What the caller is told is kept by then.
                    self.keep();
                    // The caller may have gone.
                    let _ = reply.send(answer);
                }
            }
        }
    }

    fn note_handshakes(&self) {
        let mut cloud = self.cloud.borrow_mut();
        let now_ms = cloud.now_ms;
        for record in handshakes::take() {
            cloud.journal.add(now_ms, record);
        }
    }

    /// Writes the register of devices, where it has changed.
    fn keep(&self) {
        // A callback within a callback: the outer one does it.
        let Ok(mut cloud) = self.cloud.try_borrow_mut() else {
            return;
        };
        let lists = [(cloud.devices.take_changed(), &self.kept), (cloud.vendors.take_changed(), &self.kept_vendors)];
        for (list, file) in lists {
            let written = list.map_or(Ok(()), |list| files::write(file, format!("{list:#}\n")));
            if let Err(why) = written {
                eprintln!("local cloud: {why}");
            }
        }
    }

    /// Lets the broker act. It may call back from here, so nothing is borrowed now.
    fn perform(&self, acts: Vec<Act>) {
        for act in acts {
            match act {
                Act::Kick { client_id } => {
                    let Ok(client_id) = CString::new(client_id) else {
                        continue;
                    };
                    self.kicking.set(true);
                    // SAFETY: a C string that outlives the call, on the broker's thread.
                    unsafe { mosquitto_kick_client_by_clientid(client_id.as_ptr(), false) };
                    self.kicking.set(false);
                }
                Act::Publish { to, topic, payload, qos } => publish(to, topic, &payload, qos),
            }
        }
    }
}

fn publish(to: Option<String>, topic: String, payload: &[u8], qos: u8) {
    let (Ok(to), Ok(topic), Ok(length)) =
        (to.map(CString::new).transpose(), CString::new(topic), c_int::try_from(payload.len()))
    else {
        return;
    };
    // SAFETY: strings and bytes outlive the call, which copies them; on the broker's thread.
    unsafe {
        mosquitto_broker_publish_copy(
            to.as_ref().map_or(ptr::null(), |id| id.as_ptr()),
            topic.as_ptr(),
            length,
            payload.as_ptr().cast(),
            qos.into(),
            false,
            ptr::null_mut(),
        );
    }
}

/// What the broker does with these: a denied subscription gets SUBACK 0x80, a denied message is
/// acknowledged and goes nowhere, any other error ends the connection.
fn answer(verdict: Verdict) -> c_int {
    match verdict {
        Verdict::Allow => SUCCESS,
        Verdict::Swallow | Verdict::Deny => ACL_DENIED,
        Verdict::Close => PROTOCOL_ERROR,
    }
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |age| age.as_millis() as u64)
}

/// # Safety
/// `text` is null or a C string.
unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// # Safety
/// `start` is null or valid for `length` bytes.
unsafe fn bytes<'a>(start: *const c_void, length: u32) -> &'a [u8] {
    if start.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { slice::from_raw_parts(start.cast(), length as usize) }
}

/// # Safety
/// `options` is null or an array of `count`, each with two C strings or null.
unsafe fn read_options(options: *const PluginOption, count: c_int) -> HashMap<String, String> {
    let count = usize::try_from(count).unwrap_or(0);
    if options.is_null() {
        return HashMap::new();
    }
    // SAFETY: the caller's promise.
    let options = unsafe { slice::from_raw_parts(options, count) };
    // SAFETY: the caller's promise.
    options.iter().map(|option| unsafe { (text(option.key), text(option.value)) }).collect()
}

// The layouts above are those of 64-bit C.
const _: () = assert!(size_of::<c_long>() == 8 && size_of::<BasicAuth>() == 64 && size_of::<AclCheck>() == 88);
