/**
 * Covers what identifies a person in free text: mobile and landline numbers, certificate numbers (15 or 18 characters),
 * bank cards, e-mail addresses. Made for logs and notes: better too much than too little, so any long run of digits goes.
 */
export function maskPersonalData(text: string): string {
  return (
    text
      .normalize('NFKC')
      // Looked for from the beginning of a word only, and bounded: a long word without an @ must not be scanned from each letter.
      .replace(/(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(\.[\w-]{1,64}){1,8}/g, '[email]')
      .replace(/\d(?:[\s-]?\d){6,}[\dxX]?/g, (digits) => `[${digits.replace(/[\s-]/g, '').length} digits]`)
  );
}
