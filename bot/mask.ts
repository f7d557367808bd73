/**
 * Covers what identifies a person in free text: mobile and landline numbers, certificate numbers (15 or 18 characters),
 * bank cards, e-mail addresses. Made for logs and notes: better too much than too little, so any long run of digits goes.
 */
export function maskPersonalData(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '[email]')
    .replace(/\d(?:[\s-]?\d){6,}[\dxX]?/g, (digits) => `[${digits.replace(/[\s-]/g, '').length} digits]`);
}
