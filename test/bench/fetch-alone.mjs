// The yardstick of `plan`: fetches every page of the sync list over keep-alive connections, eight in flight, and parses it.
import { Agent, get } from 'node:http';

const [url, token] = process.argv.slice(2);
const inFlight = 8;
const agent = new Agent({ keepAlive: true, maxSockets: inFlight });

const first = await page(1);
const pages = Array.from({ length: first.pagination.last_page - 1 }, (_, index) => index + 2);
let syncs = first.data.length;
await Promise.all(Array.from({ length: inFlight }, work));
agent.destroy();
if (syncs !== first.pagination.total_records) throw new Error(`Fetched ${syncs} of ${first.pagination.total_records}.`);

async function work() {
  for (let number = pages.shift(); number !== undefined; number = pages.shift()) {
    const { data } = await page(number);
    syncs += data.length;
  }
}

function page(number) {
  const address = `${url}/api/v1/syncs?page=${number}&per_page=100&order=asc`;
  return new Promise((resolve, reject) => {
    const request = get(address, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
    });
    request.on('error', reject);
  });
}
