/** Text made plain for the patterns that read numbers, and the way back into what was typed. */
export interface PlainText {
  plain: string;
  /** What was typed where `plain` has the span: its offsets in the typed text. */
  typedSpan(start: number, end: number): { start: number; end: number };
}

const traditional = '備號證網蘇贛魯滬閩瓊隴陝寧雲貴粵晉遼肅東廣慶龍';
const simplified = '备号证网苏赣鲁沪闽琼陇陕宁云贵粤晋辽肃东广庆龙';

/**
 * Half width, upper case, simplified characters (those that occur in numbers and names of provinces), every dash as `-`,
 * no spaces. A space between two digits stays, or two numbers would become one; `joinDigits` drops it as well.
 */
export function plainText(typed: string, { joinDigits = false } = {}): PlainText {
  const kept: { unit: string; start: number; end: number }[] = [];
  let spaceBefore = false;
  let start = 0;
  for (const character of typed) {
    const end = start + character.length;
    for (const unit of plainUnits(character)) {
      if (unit === ' ') {
        spaceBefore = true;
        continue;
      }
      if (spaceBefore && !joinDigits && isDigit(unit) && isDigit(kept.at(-1)?.unit)) kept.push({ unit: ' ', start, end: start });
      spaceBefore = false;
      kept.push({ unit, start, end });
    }
    start = end;
  }
  return {
    plain: kept.map(({ unit }) => unit).join(''),
    typedSpan: (from, to) => ({ start: kept[from]?.start ?? start, end: kept[to - 1]?.end ?? start }),
  };
}

/** UTF-16 units, so that offsets into the plain text count as those of a string do. */
function plainUnits(character: string): string[] {
  if (/\p{Cf}/u.test(character)) return [];
  return character.normalize('NFKC').toUpperCase().split('').map(plainUnit);
}

function plainUnit(unit: string): string {
  if (/[\s\p{Cc}]/u.test(unit)) return ' ';
  if (/[\p{Pd}−─ー_]/u.test(unit)) return '-';
  const at = traditional.indexOf(unit);
  return at < 0 ? unit : simplified.charAt(at);
}

function isDigit(unit: string | undefined): boolean {
  return unit !== undefined && /^\d$/.test(unit);
}
