import fc from 'fast-check';

/** Text that nobody should be able to break a parser with: any characters, lone surrogates, and very long runs of what each looks for. */
export function hostileText(alphabet: string): fc.Arbitrary<string> {
  const near = fc.string({
    unit: fc.constantFrom(...alphabet, ' ', '-', '.', '：', '\n', '\t', '\u200b', '\ud83d', '\udc00', '𠮷'),
    maxLength: 60,
  });
  const long = fc
    .tuple(fc.string({ unit: fc.constantFrom(...alphabet, ' ', '-'), minLength: 1, maxLength: 4 }), fc.constantFrom(10, 10_000))
    .map(([part, length]) => part.repeat(Math.ceil(length / part.length)));
  return fc.oneof({ weight: 4, arbitrary: near }, { weight: 2, arbitrary: fc.string({ unit: 'binary' }) }, { weight: 1, arbitrary: long });
}

/** A number as people write it who do not think of machines. */
export function writtenLoosely(number: string): fc.Arbitrary<string> {
  const full = [...number].map((unit) => String.fromCharCode(unit.charCodeAt(0) + 0xfee0)).join('');
  const grouped = number.replace(/(.{4})(?=.)/g, '$1 ');
  return fc.constantFrom(
    number,
    full,
    grouped,
    number.toLowerCase(),
    ` ${number}。`,
    `号码是${number}，谢谢`,
    `：${grouped}`,
    `\u200b${number}\u200b`,
    `请记一下（${number}）`,
  );
}
