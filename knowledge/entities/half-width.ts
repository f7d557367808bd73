/**
 * The text in half width and upper case, unit for unit, so that offsets stay those of what was typed: full-width letters, digits and
 * signs, every dash as `-`, every space as ` `, characters that look like X as X, and runs of at least seven Chinese numerals
 * (一三八零零…), which can only be a number read aloud, as digits.
 */
export function halfWidth(text: string): string {
  const plain = [...text].map(unitOf).join('');
  return plain.replace(/[零〇○一幺二两三四五六七八九\d](?:[ -]?[零〇○一幺二两三四五六七八九\d]){6,}/gu, (run) =>
    run.replace(/[^\d -]/gu, (numeral) => String(digitOf[numeral] ?? numeral)),
  );
}

const digitOf: Record<string, number> = {
  零: 0,
  〇: 0,
  '○': 0,
  一: 1,
  幺: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};

function unitOf(character: string): string {
  if (character.length > 1) return character;
  if (/[×Хх✕╳]/u.test(character)) return 'X';
  if (/[\p{Pd}−─ー]/u.test(character)) return '-';
  if (/[\s\p{Cc}\p{Cf}]/u.test(character)) return character === '\n' ? character : ' ';
  const half = character.normalize('NFKC').toUpperCase();
  return half.length === 1 ? half : character;
}

/** Without the separators that people put into long numbers. */
export function joined(text: string): string {
  return text.replace(/[\s-]/g, '');
}

/** Without characters that nobody sees, such as those that come along when an address is copied from a page; no control characters. */
export function visible(text: string): string {
  return text.replace(/\p{Cf}/gu, '').replace(/\p{Cc}/gu, ' ');
}

/** What is left when a step, such as taking off the words before a value, has nothing more to do. */
export function settled(text: string, step: (text: string) => string): string {
  const next = step(text);
  return next.length < text.length ? settled(next, step) : next;
}

/** Something read out of a message; `start` and `end` are offsets into it. */
export interface Found<Value> {
  value: Value;
  start: number;
  end: number;
}

/**
 * What may be one number in a text of `halfWidth`: every token, and every row of tokens with at most three spaces or dashes between
 * them, of up to `longest` characters, as people group the digits of a number. A token that is longer stands alone.
 */
export function numbersIn(plain: string, longest: number): Found<string>[] {
  const tokens = [...plain.matchAll(/([0-9A-Z*]+)([ -]{1,3}(?=[0-9A-Z*]))?/g)].map(({ 1: text = '', 2: gap, index }) => ({
    text,
    gap,
    index,
  }));
  return tokens.flatMap((first, at) => {
    let value = first.text;
    const rows = [{ value, start: first.index, end: first.index + value.length }];
    for (let next = at + 1; tokens[next - 1]?.gap !== undefined; next += 1) {
      const { text, index } = tokens[next] ?? { text: '', index: 0 };
      if (value.length + text.length > longest) break;
      value += text;
      rows.push({ value, start: first.index, end: index + text.length });
    }
    return rows;
  });
}

/** Of what may be a number, the one that was most likely meant as one of `length` characters: with digits, and nearest to that length. */
export function likeliest(candidates: readonly Found<string>[], length: number): string | undefined {
  let best: string | undefined;
  for (const { value } of candidates) {
    if (!/\d/.test(value)) continue;
    if (best === undefined || Math.abs(value.length - length) < Math.abs(best.length - length)) best = value;
  }
  return best;
}
