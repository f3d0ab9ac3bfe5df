/**
 * What nobody outside the vendor knows for sure, as switches: a client should work either way.
 * The defaults are what the documentation or captured answers make likely; where nothing does, what is harder on a client.
 */
export interface Quirks {
  /** Status of a successful create of a sync. */
  readonly createStatus: 200 | 201;
  /** Status of a `validate_only` create that found nothing wrong. */
  readonly validateStatus: number;
  /** Status of a refused body. */
  readonly errorStatus: 400 | 422;
  /** Constants are read back as text, whatever type was sent. */
  readonly constantsAsText: boolean;
  /** Answers leave out what is null. */
  readonly omitNulls: boolean;
  /** An alert sent without the id of its living twin is refused; otherwise it becomes a duplicate. */
  readonly alertIdsRequired: boolean;
  /** A PATCH with `validate_only: true` only checks; otherwise it changes the sync. */
  readonly patchHonoursValidateOnly: boolean;
  /** Unknown top-level keys of a body. */
  readonly unknownKeys: 'ignore' | 'reject';
  /** Order of mappings in answers. */
  readonly mappingOrder: 'shuffled' | 'request';
  /** A run moves `updated_at`. */
  readonly updatedAtMovesOnRun: boolean;
  /** `array_field`, `field_type` and `follow_source_type` are part of answers. */
  readonly readsBackExtraMappingFlags: boolean;
  /** Keys for which null in a PATCH changes nothing. */
  readonly cannotClear: readonly string[];
  /** Keys for which null in a body is an error. */
  readonly nullRefused: readonly string[];
  /** How an alert without options is read back. */
  readonly emptyAlertOptions: 'object' | 'null';
  /**
   * What answers show of a source: as the field lists say; by names and the segment's id inside `object` alone, as examples of
   * the reference and the vendor's demo have it; or everything that was ever seen.
   */
  readonly sourceShows: 'listed' | 'names' | 'everything';
  /** Bodies are held against the vendor's OpenAPI file of 2023: each mapping has its flag, constants are text, marks have both keys. */
  readonly openApi2023: boolean;
  /** Flat `schedule_*` copies stand beside `mode`. */
  readonly flatScheduleCopies: boolean;
  /** Unknown source columns are refused, where the source says which ones it has. */
  readonly checksColumns: boolean;
  /** Advanced settings with a default are filled in. */
  readonly fillsAdvancedDefaults: boolean;
  /** Advanced settings that the destination object does not define. */
  readonly unknownAdvancedKeys: 'store' | 'drop' | 'reject';
  /** The JSON text that names a spreadsheet is written anew. */
  readonly reserialisesSheets: boolean;
  /** `mode.type: live`, which the product no longer has. */
  readonly liveMode: 'reject' | 'accept';
  /** The `sync_sequence` trigger of a sync whose parent is deleted. */
  readonly sequenceAfterDelete: 'kept' | 'removed';
  /** A chain of `sync_sequence` triggers that comes back to its beginning. */
  readonly sequenceCircles: 'accept' | 'reject';
  /** A label of no letters is read back as null. */
  readonly emptyLabelAsNull: boolean;
  /** Answers carry `match_rate_details` and `trigger_on_dbt_cloud_rebuild`, which were seen in some years. */
  readonly keysOfOtherYears: boolean;
  /** Answers carry `resource_identifier`. */
  readonly resourceIdentifier: boolean;
  /** How many polls of a refresh job say `processing` first. */
  readonly refreshPolls: number;
  /** Milliseconds that a run is at work. */
  readonly runMilliseconds: number;
}

export const defaultQuirks: Quirks = {
  createStatus: 201,
  validateStatus: 200,
  errorStatus: 400,
  constantsAsText: true,
  omitNulls: false,
  alertIdsRequired: true,
  patchHonoursValidateOnly: false,
  unknownKeys: 'ignore',
  mappingOrder: 'shuffled',
  updatedAtMovesOnRun: true,
  readsBackExtraMappingFlags: false,
  cannotClear: [],
  nullRefused: [],
  emptyAlertOptions: 'object',
  sourceShows: 'listed',
  openApi2023: false,
  flatScheduleCopies: true,
  checksColumns: true,
  fillsAdvancedDefaults: true,
  unknownAdvancedKeys: 'store',
  reserialisesSheets: true,
  liveMode: 'reject',
  sequenceAfterDelete: 'kept',
  sequenceCircles: 'accept',
  emptyLabelAsNull: false,
  keysOfOtherYears: false,
  resourceIdentifier: false,
  refreshPolls: 1,
  runMilliseconds: 0,
};
