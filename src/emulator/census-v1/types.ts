/** What a source type asks for when a connection is made. */
interface ConfigurationField {
  readonly id: string;
  readonly label: string;
  readonly type: string;
  readonly rules: readonly string[];
  readonly placeholder: string | null;
  readonly is_password_type_field: boolean;
}

function field(id: string, label: string, secret = false): ConfigurationField {
  return { id, label, type: 'text', rules: ['required'], placeholder: null, is_password_type_field: secret };
}

function sourceType(service_name: string, label: string, fields: readonly ConfigurationField[]) {
  return {
    service_name,
    label,
    documentation_slug: service_name.replaceAll('_', '-'),
    supported_sync_engines: ['basic', 'advanced'],
    creatable_via_api: true,
    editable_via_api: true,
    configuration_fields: { fields: fields.map((one) => ({ ...one })) },
  };
}

const database = [
  field('hostname', 'Hostname'),
  field('port', 'Port'),
  field('database', 'Database'),
  field('user', 'User'),
  field('password', 'Password', true),
];

/** Few enough for one page: the vendor's own client reads no second one. */
export const sourceTypes = [
  sourceType('snowflake', 'Snowflake', [
    field('account', 'Account'),
    field('warehouse', 'Warehouse'),
    field('user', 'User'),
    field('password', 'Password', true),
  ]),
  sourceType('big_query', 'BigQuery', [field('project_id', 'Project'), field('location', 'Location')]),
  sourceType('redshift', 'Redshift', database),
  sourceType('postgres', 'PostgreSQL', database),
  sourceType('databricks', 'Databricks', [
    field('hostname', 'Hostname'),
    field('http_path', 'HTTP path'),
    field('token', 'Token', true),
  ]),
  { ...sourceType('kafka', 'Kafka', [field('bootstrap_servers', 'Servers')]), creatable_via_api: false },
];

function connector(service_name: string, label: string) {
  return {
    service_name,
    label,
    documentation_slug: service_name.replaceAll('_', '-'),
    creatable_via_api: true,
    editable_via_api: true,
    configuration_fields: { fields: [{ ...field('api_key', 'API key', true), rules: 'required' }] },
  };
}

export const connectors = [
  connector('salesforce', 'Salesforce'),
  connector('hubspot', 'HubSpot'),
  connector('braze', 'Braze'),
  connector('google_ads', 'Google Ads'),
  connector('google_sheets', 'Google Sheets'),
  connector('s3', 'Amazon S3'),
  connector('sftp', 'SFTP'),
  connector('google_cloud_storage', 'Google Cloud Storage'),
  connector('facebook', 'Facebook Ads'),
];
