import { halfWidth, joined } from '../../knowledge/entities/half-width.ts';
import type { FieldKey, Values } from '../../knowledge/filing/form.ts';
import { type KeyedDigest, keyedDigest } from '../keyed-digest.ts';

const searchable: readonly FieldKey[] = [
  'contactMobile',
  'newMobile',
  'filerLeader.mobile',
  'filerLeader.emergencyMobile',
  'serviceLeader.mobile',
  'serviceLeader.emergencyMobile',
  'creditCode',
  'filerLeader.idNumber',
  'legalRepresentative.idNumber',
  'serviceLeader.idNumber',
];

/**
 * Finds a phone or certificate number without keeping it readable: the index has its keyed digest. Only whole numbers are found.
 */
export class BlindIndex {
  readonly #digests: KeyedDigest[];

  /** The secrets of the data keys, the current one first: what was kept under an older one is still found. */
  constructor(secrets: readonly Buffer[]) {
    this.#digests = secrets.map((secret) => keyedDigest(secret, 'case-search'));
  }

  /** The names under which a case with these values stands. */
  namesOf(values: Values): string[] {
    const [digest] = this.#digests;
    const numbers = searchable.flatMap((key) => values[key] ?? []).map(plain);
    return digest ? [...new Set(numbers)].map(digest) : [];
  }

  /** The names under which cases with this number may stand. */
  namesFor(number: string): string[] {
    return this.#digests.map((digest) => digest(plain(number)));
  }
}

function plain(number: string): string {
  return joined(halfWidth(number)).replace(/^(?:\+|00)86(?=1\d{10}$)/, '');
}
