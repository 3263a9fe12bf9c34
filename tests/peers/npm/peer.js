// Alibaba's SDK for Node.js, told what to do by lines of JSON on standard input, and telling what its callbacks get by lines
// of JSON on standard output. test_npm_sdk.py drives it.

'use strict';

const readline = require('readline');
const iot = require('alibabacloud-iot-device-sdk');

const say = (callback, got) => process.stdout.write(JSON.stringify({ callback, got }) + '\n');

let device;

const commands = {
  // The secret of a device that knows its product's only, over HTTPS.
  register: ({ config }) => iot.register(config, (answer) => say('register', answer)),

  connect({ config }) {
    device = iot.device(config);
    device.on('connect', () => say('connect', null));
    device.on('error', (error) => say('error', String([].concat(error)[0])));
    device.on('close', () => say('close', null));
    device.on('message', (topic, payload) => say('message', { topic, payload: payload.toString() }));
    device.onProps((request) => {
      say('props', request);
      const { productKey, deviceName } = config;
      const reply = JSON.stringify({ id: request.id, code: 200, data: {} });
      device.publish(`/sys/${productKey}/${deviceName}/thing/service/property/set_reply`, reply);
    });
  },

  postProps: ({ params }) => device.postProps(params, (reply) => say('postProps', reply)),
  postEvent: ({ name, params }) => device.postEvent(name, params, (reply) => say('postEvent', reply)),

  // `how` is `async` or `sync`.
  onService: ({ name, how, data }) =>
    device.onService(name, (request, reply) => {
      say('service', request);
      reply({ id: request.id, code: 200, data }, how);
    }),

  subscribe: ({ topic }) => device.subscribe(topic, { qos: 1 }, (error, grants) => say('subscribe', error ? String(error) : grants)),
  publish: ({ topic, payload }) => device.publish(topic, payload, { qos: 1 }, (error) => say('publish', error ? String(error) : null)),
};

const lines = readline.createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const command = JSON.parse(line);
  commands[command.do](command);
});
lines.on('close', () => process.exit(0));
