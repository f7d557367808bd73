import { pinyin } from 'pinyin-pro';

/** The usual reading of one Chinese character, without its tone: 备 -> bei, 绿 -> lv. */
export function reading(character: string): string {
  return pinyin(character, { toneType: 'none', v: true });
}

// Grows with the characters that were ever seen: at most the some 40,000 that have a reading.
const usualSounds = new Map<string, string>();

/** The usual reading of one Chinese character as `fuzzySyllable` leaves it: 是 -> si. */
export function fuzzyReading(character: string): string {
  const known = usualSounds.get(character);
  if (known !== undefined) return known;
  const found = fuzzySyllable(reading(character));
  usualSounds.set(character, found);
  return found;
}

/** Sounds that many speakers, and so many phone keyboards, do not tell apart: zh/z, ch/c, sh/s, n/l, -ng/-n. */
export function fuzzySyllable(syllable: string): string {
  return syllable
    .replace(/^([zcs])h/, '$1')
    .replace(/^l/, 'n')
    .replace(/ng$/, 'n');
}

/**
 * Splits Latin letters into pinyin syllables, or gives undefined when they are not pinyin from end to end.
 * The fewest syllables win (`xian` is one syllable, as an input method would read it).
 */
export function splitPinyin(letters: string): string[] | undefined {
  const best: (string[] | undefined)[] = [[]];
  for (let end = 1; end <= letters.length; end += 1) {
    for (let start = Math.max(0, end - longestSyllable); start < end; start += 1) {
      const before = best[start];
      const syllable = letters.slice(start, end);
      if (!before || !syllables.has(syllable)) continue;
      if (!best[end] || before.length + 1 < (best[end]?.length ?? Infinity)) best[end] = [...before, syllable];
    }
  }
  return best[letters.length];
}

/** Whether letters are one syllable of standard Mandarin. */
export function isSyllable(letters: string): boolean {
  return syllables.has(letters);
}

export const longestSyllable = 6;

// Initials with the finals they take in standard Mandarin (Hanyu Pinyin, GB/T 16159).
const syllables = new Set(
  [
    ' a o e ai ei ao ou an en ang eng er',
    'b a o ai ei ao an en ang eng i ie iao ian in ing u',
    'p a o ai ei ao ou an en ang eng i ie iao ian in ing u',
    'm a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u',
    'f a o ei ou an en ang eng u',
    'd a e ai ei ao ou an en ang eng ong i ie iao iu ian ing u uo ui uan un',
    't a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un',
    'n a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan v ve ue',
    'l a e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un v ve ue',
    'g a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang',
    'k a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang',
    'h a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang',
    'j i ia ie iao iu ian in iang ing iong u ue uan un',
    'q i ia ie iao iu ian in iang ing iong u ue uan un',
    'x i ia ie iao iu ian in iang ing iong u ue uan un',
    'zh a e ai ei ao ou an en ang eng ong i u ua uo uai ui uan un uang',
    'ch a e ai ao ou an en ang eng ong i u ua uo uai ui uan un uang',
    'sh a e ai ei ao ou an en ang eng i u ua uo uai ui uan un uang',
    'r e ao ou an en ang eng ong i u ua uo ui uan un',
    'z a e ai ei ao ou an en ang eng ong i u uo ui uan un',
    'c a e ai ao ou an en ang eng ong i u uo ui uan un',
    's a e ai ao ou an en ang eng ong i u uo ui uan un',
    'y a o e ao ou an ang i in ing ong u ue uan un',
    'w a o ai ei an en ang eng u',
  ].flatMap((row) => {
    const [initial = '', ...finals] = row.split(' ');
    return finals.map((final) => initial + final);
  }),
);
