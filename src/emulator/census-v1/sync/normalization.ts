/** The field name that `field_normalization` makes of a column's name; null and `match_source_names` leave it as it is. */
export function renamed(column: string, normalization: string | undefined): string {
  const words = column.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/u).filter((word) => word !== '');
  switch (normalization) {
    case 'start_case':
      return words.map(capitalised).join(' ');
    case 'lower_case':
      return words.map((word) => word.toLowerCase()).join(' ');
    case 'upper_case':
      return words.map((word) => word.toUpperCase()).join(' ');
    case 'camel_case':
      return words.map((word, index) => (index === 0 ? word.toLowerCase() : capitalised(word))).join('');
    case 'snake_case':
      return words.map((word) => word.toLowerCase()).join('_');
    default:
      return column;
  }
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
}
