import { Converter } from 'opencc-js/t2cn';

// Mainland characters first: it tells whether there is anything traditional in the text at all. The Taiwan table also
// carries words (伺服器 -> 服务器), but would turn simplified 程序 into 进程, so it only sees traditional text.
const toSimplifiedCharacters = Converter({ from: 't', to: 'cn' });
const toMainlandWords = Converter({ from: 'twp', to: 'cn' });

/** Longer messages are matched by their beginning: nobody's question needs more, and matching time stays bounded. */
export const longestMatchedText = 2000;

// One message is normalized by everyone who looks at it, one after the other.
const recent = new Map<string, string>();
const mostRecent = 32;

/** Full width to half width, lower case, simplified characters, no control or invisible characters, single spaces. */
export function normalize(text: string): string {
  const known = recent.get(text);
  if (known !== undefined) return known;
  const normalized = simplify(text);
  if (text.length > longestMatchedText) return normalized;
  if (recent.size === mostRecent) recent.delete(recent.keys().next().value ?? '');
  recent.set(text, normalized);
  return normalized;
}

function simplify(text: string): string {
  const plain = text
    .slice(0, longestMatchedText)
    .toWellFormed()
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\uFFFD]+/gu, ' ');
  const isSimplified = [...plain].every(isSimplifiedCharacter) || toSimplifiedCharacters(plain) === plain;
  return (isSimplified ? plain : toMainlandWords(plain)).replace(/\s+/g, ' ').trim();
}

/** Whether the tables leave the character alone wherever it stands. A text of such characters is simplified. */
function isSimplifiedCharacter(character: string): boolean {
  const known = simplifiedCharacters.get(character);
  if (known !== undefined) return known;
  const isSimplified = !changedInPhrases.has(character) && toSimplifiedCharacters(character) === character;
  simplifiedCharacters.set(character, isSimplified);
  return isSimplified;
}

/** What alone is simplified, and in a phrase is not: 土坏, 瞭解. */
const changedInPhrases: ReadonlySet<string> = new Set('坏瞭藉覆沈哩甦衹');

// Grows with the characters that were ever seen.
const simplifiedCharacters = new Map<string, boolean>();

/** What remains for comparing whole sentences: letters, digits and characters, without punctuation or spaces. */
export function essence(text: string): string {
  return normalize(text).replace(/[^\p{L}\p{N}]+/gu, '');
}
