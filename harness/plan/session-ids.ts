/**
 * The ids of a plan's sessions. Most are plain; one in seven is odd and legal: what people make ids of, and what trips whoever
 * builds keys, queries, patterns or file names of them. Which is which follows from its place alone, so that nothing else that
 * a seed draws depends on it, and seven has no divisor in common with the rhythms of modes and long waits.
 */

const oddEvery = 7;
/** Where the first one stands. */
const firstOdd = 3;

/** The longest that an index of PostgreSQL bears beside the rest of its row, roughly; other stores take more. */
const longestBytes = 1_900;

/** Each makes an id that holds the number of its session once, and so is unique. Pure. */
export const oddIds = {
  /** Queues refuse it as an id of a job, JSON parsers take it for a number, and the zeros are lost then. */
  "digits only": (nth) => `00${nth}`,
  /** A combining accent, an emoji that is several characters joined, and text from right to left. */
  unicode: (nth) => `se\u0301ance-👩‍👩‍👧-שלום-${nth}`,
  /** The same letters as one character: whoever normalizes text takes the two for one. */
  composed: (nth) => `s\u00e9ance-👩‍👩‍👧-שלום-${nth - oddEvery}`,
  slashes: (nth) => `/a/../b//${nth}/`,
  /** Encoded already, in part, or not at all. */
  percent: (nth) => `100%-%2F%zz-%00-${nth}`,
  "line ends": (nth) => `line\nbreak\r\n\u2028\t-${nth}`,
  spaces: (nth) => `  ${nth} with  spaces  `,
  long: (nth) => `${"l".repeat(longestBytes - String(nth).length)}${nth}`,
  /** What separates, quotes or matches in keys, patterns, queries and pages. */
  separators: (nth) => `s-{*?[a]}|login/"'\`\\$(;)&<b>#--${nth}`,
} as const satisfies Readonly<Record<string, (nth: number) => string>>;

const kinds = Object.values(oddIds);

/** The id of the session at this place of a plan. Pure. */
export function sessionIdAt(index: number): string {
  const turn = (index - firstOdd) / oddEvery;
  const odd = Number.isInteger(turn) && turn >= 0 ? kinds[turn % kinds.length] : undefined;
  return odd === undefined ? `session-${String(index).padStart(5, "0")}` : odd(index);
}
