import https from 'node:https';

const options = {
  hostname: 'app.getcensus.com',
  path: '/api/v1/sync_runs/17',
  method: 'GET',
};

https.request(options).end();
