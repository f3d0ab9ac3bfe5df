/** Columns that text takes in a terminal, for text without wide characters: the help of a command line. */
export default function stringWidth(text) {
  return [...text].length;
}
