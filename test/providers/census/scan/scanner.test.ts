import { describe, expect, test } from 'vitest';
import { byCodePoint } from '../../../../src/core/stable.ts';
import { linesOf } from '../../../../src/load/line-column.ts';
import { scanner } from '../../../../src/providers/census/scan/scanner.ts';

const host = 'https://app.getcensus.com';

/** What is found, as `LINE CODE`, in the order of the text. */
function found(file: string, text: string): readonly string[] {
  const place = linesOf(text);
  const all = [...scanner(file, text)].sort((first, second) => first.offset - second.offset);
  return [...new Set(all.map(({ offset, code }) => `${place(offset).line} ${code}`))];
}

describe('a use is found', () => {
  test.each<readonly [name: string, file: string, text: string, expected: readonly string[]]>([
    [
      'of a base and a path behind it',
      'a.sh',
      `API=${host}/api/v1\ncurl "$API/destinations"\n`,
      ['1 api-v1', '2 api-v1-renamed'],
    ],
    ['without a scheme', 'a.sh', 'http POST app.getcensus.com/api/v1/syncs/1/trigger\n', ['1 api-v1']],
    ['in capitals, with a port', 'a.sh', 'curl HTTPS://APP.GETCENSUS.COM:443/API/V1/SYNCS\n', ['1 api-v1']],
    [
      'in JSON that escapes slashes',
      'a.json',
      `{"url":"https:\\/\\/app.getcensus.com\\/api\\/v1\\/connectors"}`,
      ['1 api-v1-renamed'],
    ],
    ['of a host by its region', 'a.py', 'u = f"https://{sub}.getcensus.com/api/v1/sources"\n', ['1 api-v1']],
    ['of a version in a variable', 'a.py', `V = "v1"\nu = f"${host}/api/{V}/syncs"\n`, ['2 api-v1']],
    [
      'of host and version in variables',
      'a.ts',
      `const H = '${host}';\nconst API_VERSION = 'v1';\nconst u = \`\${H}/api/\${API_VERSION}/destinations\`;\n`,
      ['3 api-v1-renamed'],
    ],
    ['of a base that ends in /api', 'a.py', `API = "${host}/api"\nr = get(f"{API}/v1/webhooks")\n`, ['2 api-v1']],
    [
      'with the default of a shell',
      'a.sh',
      `curl "\${H%/}/api/v1/sync_runs"\nH=\${CENSUS_HOST:-${host}}\n`,
      ['1 api-v1'],
    ],
    ['in a batch file', 'a.bat', `set ROOT=${host}\ncurl %ROOT%/api/v1/syncs\n`, ['2 api-v1']],
    [
      'by parts of a path',
      'a.java',
      `b.host("app.getcensus.com")\n  .addPathSegment("api").addPathSegment("v1").addPathSegment("connectors")\n`,
      ['2 api-v1-renamed'],
    ],
    ['by a format', 'a.go', `const h = "${host}"\nu := fmt.Sprintf("%s/api/v1/datasets", h)\n`, ['2 api-v1']],
    ['by two arguments', 'a.ts', `new URL('/api/v1/syncs', '${host}')\n`, ['1 api-v1']],
    ['by host and path', 'a.dart', `Uri.https('app.getcensus.com', '/api/v1/syncs');\n`, ['1 api-v1']],
    ['on the next line', 'a.js', `const u = '${host}' +\n  '/api/v1/webhooks';\n`, ['2 api-v1']],
    ['of a host that only the environment knows', 'a.sh', 'curl "$CENSUS_URL/api/v1/syncs"\n', ['1 api-v1']],
    [
      'through a connection of Airflow',
      'a.py',
      't = HttpOperator(http_conn_id="census", endpoint="api/v1/syncs/1/trigger")\n',
      ['1 api-v1'],
    ],
    ['in a request of a test', 'a.test.ts', `nock('${host}').get('/api/v1/syncs').reply(200);\n`, ['1 api-v1']],
    [
      'in a call that is commented out',
      'a.py',
      `# requests.get("${host}/api/v1/syncs")\n# curl ${host}/api/v1/syncs\n`,
      ['1 api-v1', '2 api-v1'],
    ],
    ['in a listing of AsciiDoc', 'a.adoc', `[source,bash]\n----\ncurl ${host}/api/v1/syncs\n----\n`, ['3 api-v1']],
    [
      'in a list in Markdown',
      'a.md',
      `1. Run it:\n\n   ~~~bash\n   export C=${host}\n   wget $C/api/v1/syncs\n   ~~~\n`,
      ['5 api-v1'],
    ],
    ['in a script of a page', 'a.html', `<p>x</p><script>\nfetch('${host}/api/v1/syncs')\n</script>\n`, ['2 api-v1']],
    [
      'of basic authentication',
      'a.py',
      `requests.get("${host}/api/v1/syncs", auth=("bearer", key))\n`,
      ['1 api-v1', '1 workspace-key'],
    ],
    [
      'of a key beside that of the Census Bureau',
      'a.sh',
      [
        'test -n "$CENSUS_API_KEY"',
        'curl -s https://api.census.gov/data/2020?key=$CENSUS_API_KEY',
        `curl -H "Authorization: Bearer $CENSUS_SECRET_TOKEN" ${host}/api/v1/syncs`,
        'curl -s https://api.census.gov/data/2020 \\',
        '  -d key=$CENSUS_API_KEY\n',
      ].join('\n'),
      ['3 workspace-key', '3 api-v1'],
    ],
    [
      'of one name for both keys',
      'a.sh',
      `curl "https://api.census.gov/data?key=$CENSUS_API_KEY"\ncurl ${host}/api/v1/syncs -u "bearer:$CENSUS_API_KEY"\n`,
      ['2 api-v1', '2 workspace-key'],
    ],
    [
      'of a key in a chart',
      'chart/values.yaml',
      'env:\n  - name: CENSUS_API_KEY\n    from: { name: census-workspace-key }\n',
      ['2 workspace-key', '3 workspace-key'],
    ],
    [
      'of ids in a body',
      'a.js',
      `fetch('${host}/api/v1/syncs', { body: {\n  source_attributes: { connection_id: 1 },\n  destination_attributes: {\n    connection_id: 2 },\n  "destination_id": 3 } });\n`,
      ['1 api-v1', '2 connection-id', '4 connection-id', '5 connection-id'],
    ],
    [
      'behind a message of the same step',
      'a.yaml',
      `- message: It starts ${host}/api/v1/syncs\n  run: curl ${host}/api/v1/syncs\n`,
      ['2 api-v1'],
    ],
    ['of an indented block', 'a.md', `Run it:\n\n    curl ${host}/api/v1/syncs\n`, ['3 api-v1']],
    ['of Terraform in JSON', 'a.tf.json', '{"resource":{"census_sync":{"users":{}}}}', ['1 terraform-resource']],
    [
      'of Terraform in an import',
      'a.tf',
      'import {\n  to = census_sync.users\n  id = "1:2"\n}\n',
      ['2 terraform-resource'],
    ],
    [
      'of Terraform from TypeScript',
      'a.ts',
      `new TerraformProvider({ source: 'sutrolabs/census' });\n`,
      ['1 terraform-provider'],
    ],
    [
      'of a lock of Terraform',
      '.terraform.lock.hcl',
      'provider "registry.terraform.io/sutrolabs/census" {\n  hashes = ["h1:x"]\n}\n',
      ['1 terraform-provider'],
    ],
    ['of Airflow in an image', 'Dockerfile', 'RUN pip install "airflow-provider-census>=2"\n', ['1 airflow']],
    [
      'of Airflow by another spelling',
      'setup.py',
      `setup(install_requires=["Airflow_Provider_Census==2"])\n`,
      ['1 airflow'],
    ],
    [
      'of a connection of Airflow',
      'a.sh',
      `airflow connections add c --conn-type census\nexport AIRFLOW_CONN_CENSUS_DEFAULT='census://:x@'\n`,
      ['1 airflow', '2 airflow'],
    ],
    [
      'of Dagster in a lock',
      'uv.lock',
      '[[package]]\nname = "dagster-census"\nwheels = [{ url = "https://x/dagster_census-1-py3-none-any.whl", hash = "sha256:0" }]\n',
      ['2 dagster'],
    ],
    [
      'of Dagster in code',
      'a.py',
      'from dagster_census import CensusResource\nr = CensusResource(api_key="x")\n',
      ['1 dagster', '2 dagster'],
    ],
    [
      'of Prefect in an environment',
      'environment.yml',
      'dependencies:\n  - pip:\n    - prefect-census==0.2.2\n',
      ['3 prefect'],
    ],
    [
      'of a target in one line',
      'syncline.yaml',
      'version: 1\ntargets: { a: { provider: census, api: v1 } }\n',
      ['2 target-v1'],
    ],
    [
      'of a target in a project file of another name',
      'crm.yaml',
      'version: 1\ntargets:\n  a:\n    provider: census\n    "api": "v1"\n',
      ['5 target-v1'],
    ],
    [
      'of targets in a table',
      'fleet.csv',
      'name,provider,api\na,census,v1\nb,census,v2\nc,fabra,server\n',
      ['2 target-v1'],
    ],
  ])('%s', (_name, file, text, expected) => {
    expect(found(file, text)).toEqual(expected);
  });
});

describe('nothing is found', () => {
  test.each<readonly [name: string, file: string, text: string]>([
    ['in a test that nothing calls it', 'a.py', `assert "app.getcensus.com/api/v1" not in text\n`],
    [
      'in the name of a step',
      '.github/workflows/a.yml',
      `steps:\n  - name: Call ${host}/api/v1/syncs\n    run: ./call\n`,
    ],
    ['in a call that a sentence quotes', 'a.md', `Old: \`curl ${host}/api/v1/syncs\`.\n`],
    [
      'in a sentence in quotes',
      'a.py',
      `log.info("Old: ${host}/api/v1 is gone")\nraise E("${host}/api/v1 was the old one")\n`,
    ],
    [
      'in what only looks for it',
      'a.sh',
      `! git grep -n "app.getcensus.com/api/v1"\nsed -i 's#${host}/api/v1#${host}/api/v2#' x\n`,
    ],
    [
      'in what puts another in its place',
      'a.ts',
      `const a = '${host}';\nexpect(u).not.toContain('${host}/api/v1');\nconst n = u.replace('/api/v1', '/api/v2');\n`,
    ],
    [
      'in a value that is a sentence',
      'a.yaml',
      `description: >\n  Talks to ${host}/api/v1 no more.\n\n  ${host}/api/v1/syncs\nnotes:\n  - ${host}/api/v1 before\n`,
    ],
    ['in what a change has removed', 'a.patch', `-curl ${host}/api/v1/syncs\n+curl ${host}/api/v2/syncs\n`],
    ['in the same in Markdown', 'a.md', `\`\`\`diff\n-curl ${host}/api/v1/syncs\n+curl ${host}/api/v2/syncs\n\`\`\`\n`],
    ['in a sentence about a call', 'a.md', `We used to run \`curl ${host}/api/v1/syncs\` here.\n`],
    ['in a page for people', 'a.html', `<!-- ${host}/api/v1 --><p>See ${host}/api/v1/syncs.</p>`],
    ['in a comment of an INI file', 'a.ini', `; url = ${host}/api/v1\n[census]\nurl = ${host}/api/v2\n`],
    ['in routes of our own', 'a.js', `const ui = '${host}';\napp.get('/api/v1/destinations', list);\n`],
    ['in routes of Java', 'A.java', `@RequestMapping("/api/v1/destinations")\nclass A { String ui = "${host}"; }\n`],
    ['in routes of Ruby', 'a.rb', `UI = "${host}"\nget "/api/v1/syncs" do\nend\n`],
    [
      'in routes of Go',
      'a.go',
      `const ui = "${host}"\nr.GET("/api/v1/sources", list)\nm.HandleFunc("/api/v1/syncs", one)\n`,
    ],
    [
      'in what a page asks of its own server',
      'a.tsx',
      `const l = <a href="${host}">Census</a>;\nfetch('/api/v1/syncs');\n`,
    ],
    ['in the location of a proxy', 'nginx.conf', `location /api/v1/syncs { proxy_pass ${host}; }\n`],
    [
      'in calls of others beside calls of v2',
      'a.ts',
      `const C = '${host}/api/v2';\nfetch(\`\${process.env.AIRBYTE_HOST}/api/v1/sources\`);\nfetch(\`\${C}/syncs\`);\n`,
    ],
    [
      'of a name with another host',
      'a.py',
      `CENSUS_URL = "https://census.example.org"\nget(CENSUS_URL + "/api/v1/syncs")\nlink = "${host}/syncs/1"\n`,
    ],
    [
      'of a service for the census of a country',
      'a.py',
      `S = os.environ["CENSUS_SERVICE"]\nget(f"{S}/api/v1/syncs")\nget(f"{CENSUS_SERVICE}/api/v1/datasets")\n`,
    ],
    ['of another version in a variable', 'a.py', `V = "v2"\nget(f"${host}/api/{V}/syncs")\n`],
    [
      'of a key for the Census Bureau',
      '.gitlab-ci.yml',
      'population:\n  script: [python load.py]\n  variables: { CENSUS_API_KEY: $CENSUS_API_KEY }\n',
    ],
    ['of a personal access token', '.env', 'CENSUS_PERSONAL_ACCESS_TOKEN=\nCENSUS_PAT_KEY=\nCENSUS_TOKEN=\n'],
    [
      'of what is to be filled in',
      'a.yml',
      'census:\n  key: secret-token:YOUR_KEY_HERE\n  old: secret-token:xxxxxxxx\n',
    ],
    ['of a key of another service', 'a.py', 'key = "secret-token:4f9c01b7d2e84a3c"\n'],
    [
      'of blocks of others in Terraform',
      'a.tf',
      'resource "google_bigquery_dataset" "census_dataset" {}\noutput "x" { value = google_bigquery_dataset.census_dataset.id }\nlocals { x = "census_sync.x" }\n',
    ],
    [
      'of classes of our own',
      'a.py',
      'class CensusHook: pass\nh = CensusHook()\nfrom .dagster_census import load\nimport prefect_census_bureau\n',
    ],
    [
      'of packages with longer names',
      'requirements.txt',
      'my-dagster-census\nprefect-census-extra\n# airflow-provider-census\n',
    ],
    [
      'of names of files in hashes',
      'a.lock',
      'file = "dagster_census-0.24.tar.gz"\nhash = "sha256-census/dagster-census/api/v1/syncs"\n',
    ],
    ['of a column', 'a.py', `get("${host}/api/v2/syncs", json={"destination_id": 1})\n`],
    [
      'of a target of another service',
      'syncline.yaml',
      'version: 1\n# census, api: v1\ntargets: { a: { provider: fabra, api: server } }\n',
    ],
    ['of an API in any other YAML', 'a.yaml', 'census:\n  api: v1\n'],
  ])('%s', (_name, file, text) => {
    expect(found(file, text)).toEqual([]);
  });
});

test('no message holds a key, whatever is written around it', () => {
  const key = '4f9c01b7d2e84a3cdeadbeef';
  const text = `curl -H "Authorization: Bearer secret-token:${key}" https://bearer:secret-token:${key}@app.getcensus.com/api/v1/${key}\nCENSUS_API_KEY=${key}\n`;
  const all = scanner('.env', text);
  expect(all.map(({ code }) => code).sort(byCodePoint)).toEqual([
    'api-v1',
    'workspace-key',
    'workspace-key',
    'workspace-key-literal',
    'workspace-key-literal',
  ]);
  expect(JSON.stringify(all)).not.toContain(key);
});

describe('a line without end takes no longer than its length', () => {
  const parts = [
    'x',
    'https://',
    '"/api/v1/syncs" ',
    '${',
    'app.getcensus.com/api/v1/ ',
    '"',
    '/*',
    'destination_attributes: {',
    'pip install census ',
  ];

  // Whatever looks at what it has seen again takes minutes for as much as this.
  test.each(['py', 'yaml', 'html'])(
    '.%s',
    (ending) => {
      for (const part of parts) {
        const text = `census <pre>${host}/api/v1/sources\n${part.repeat(Math.ceil(100_000 / part.length))}`;
        expect(found(`.github/a.${ending}`, text).slice(0, 1), part).toEqual(ending === 'html' ? [] : ['1 api-v1']);
      }
    },
    30_000,
  );

  test('also of five megabytes', () => {
    const text = `${'x'.repeat(5_000_000)} ${host}/api/v1/syncs`;
    expect(found('a.sh', text)).toEqual(['1 api-v1']);
  });
});
