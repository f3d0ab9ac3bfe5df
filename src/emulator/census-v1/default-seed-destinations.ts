import type { SeedDestination, SeedField, SeedObject } from './seed.ts';

const crm = ['upsert', 'update', 'insert', 'mirror'];

/** A field that no record is found by. */
function plain(full_name: string, more: Partial<SeedField> = {}): SeedField {
  return { full_name, can_be_upsert_key: false, can_be_update_key: false, can_be_insert_key: false, ...more };
}

function plains(...names: readonly string[]): readonly SeedField[] {
  return names.map((name) => plain(name));
}

const list: Partial<SeedField> = { type: 'array', array: true, operations: ['merge', 'overwrite'] };

const salesforce: readonly SeedObject[] = [
  {
    full_name: 'Contact',
    supported_operations: crm,
    allow_custom_fields: false,
    fields: [
      'Email',
      'External_Id__c',
      ...plains(
        'FirstName',
        'LastName',
        'Phone',
        'Title',
        'LeadSource',
        'MailingCity',
        'MailingCountry',
        'Description',
      ),
      ...plains('Plan__c', 'Lifetime_Value__c', 'Last_Run__c', 'Segments__c', 'Newsletter__c'),
      plain('AccountId', { type: 'reference', lookup_object: 'Account' }),
      plain('OwnerId', { type: 'reference', lookup_object: 'User' }),
    ],
  },
  {
    full_name: 'Lead',
    supported_operations: crm,
    fields: [
      'Email',
      'External_Id__c',
      ...plains('FirstName', 'LastName', 'Company', 'Phone', 'City', 'LeadSource', 'Lead_Score__c', 'Status'),
    ],
  },
  {
    full_name: 'Account',
    supported_operations: crm,
    fields: [
      'External_Id__c',
      { full_name: 'Name', can_be_reference_key: true },
      ...plains('Website', 'Industry', 'NumberOfEmployees', 'AnnualRevenue', 'BillingCity'),
      plain('OwnerId', { type: 'reference', lookup_object: 'User' }),
    ],
  },
  { full_name: 'User', supported_operations: [], can_be_sync_destination: false, fields: ['Email', 'Username'] },
];

const hubspot: readonly SeedObject[] = [
  {
    full_name: 'contact',
    supported_operations: ['upsert', 'update', 'insert', 'mirror'],
    allow_custom_fields: true,
    fields: [
      'email',
      ...plains(
        'firstname',
        'lastname',
        'phone',
        'city',
        'country',
        'company',
        'lifecyclestage',
        'plan',
        'lifetime_value',
      ),
      plain('tags', list),
    ],
  },
  {
    full_name: 'company',
    supported_operations: ['upsert', 'update', 'insert'],
    allow_custom_fields: true,
    fields: ['domain', ...plains('name', 'industry', 'city', 'numberofemployees', 'annualrevenue')],
  },
];

const braze: readonly SeedObject[] = [
  {
    full_name: 'user',
    supported_operations: ['upsert', 'update', 'mirror'],
    allow_custom_fields: true,
    fields: [
      'external_id',
      plain('email'),
      ...plains('first_name', 'last_name', 'phone', 'home_city', 'country', 'plan'),
      plain('segments', list),
    ],
  },
  {
    full_name: 'event',
    supported_operations: ['append'],
    allow_custom_fields: true,
    fields: plains('external_id', 'name', 'time', 'properties'),
  },
];

const googleAds: readonly SeedObject[] = [
  {
    full_name: 'click_conversion',
    label: 'Click Conversion',
    supported_operations: ['append', 'insert'],
    compound_key: {
      to: 'click_conversion._census_tracking_id',
      fields: ['click_conversion.gclid', 'click_conversion.conversion_action', 'click_conversion.conversion_date_time'],
    },
    fields: [
      plain('click_conversion.gclid', { required_for_mapping: true }),
      plain('click_conversion.conversion_action', { required_for_mapping: true }),
      plain('click_conversion.conversion_date_time', { required_for_mapping: true }),
      ...plains('click_conversion.conversion_value', 'click_conversion.currency_code', 'click_conversion.order_id'),
    ],
  },
];

const facebook: readonly SeedObject[] = [
  {
    full_name: 'user_data',
    label: 'Custom Audience Member',
    supported_operations: ['mirror', 'upsert'],
    advanced_configuration_field_definitions: [
      {
        name: 'data_source_country',
        type: 'string',
        label: 'Data source country',
        input_type: 'text',
        placeholder: 'US',
        default: null,
        sort_order: 1,
        required: false,
        supported_values: null,
      },
      {
        name: 'bulk_id_lookup',
        type: 'boolean',
        label: 'Look ids up in bulk',
        input_type: 'checkbox',
        placeholder: null,
        default: false,
        sort_order: 2,
        required: false,
        supported_values: null,
      },
    ],
    fields: [
      'user_identifier.hashed_email',
      'user_identifier.hashed_phone_number',
      ...plains('user_identifier.first_name', 'user_identifier.last_name', 'user_identifier.country'),
      plain('list_id', { type: 'reference', lookup_object: 'user_list', required_for_mapping: true }),
    ],
  },
  {
    full_name: 'user_list',
    label: 'Custom Audience',
    supported_operations: [],
    can_be_sync_destination: false,
    fields: ['id', 'name'],
  },
];

export const seedDestinations: readonly SeedDestination[] = [
  { id: 601, name: 'Salesforce', type: 'salesforce', objects: salesforce },
  { id: 602, name: 'HubSpot', type: 'hubspot', objects: hubspot },
  { id: 603, name: 'Braze', type: 'braze', objects: braze },
  { id: 604, name: 'Google Ads', type: 'google_ads', objects: googleAds },
  { id: 605, name: 'Google Sheets', type: 'google_sheets', path_operations: ['mirror', 'append'] },
  { id: 606, name: 'S3 Exports', type: 's3', path_operations: ['append', 'mirror', 'upsert'] },
  { id: 607, name: 'Facebook Ads', type: 'facebook', objects: facebook },
];
