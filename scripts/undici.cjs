// What of undici the program uses. Its index loads `fetch`, web sockets, caches and mocks too, which costs a start thirty milliseconds.
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');
const api = require('undici/lib/api');

Object.assign(Dispatcher.prototype, api);
module.exports.Pool = require('undici/lib/dispatcher/pool.js');
module.exports.EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent.js');
