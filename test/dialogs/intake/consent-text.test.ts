import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { certificateConsentAsked, consentAsked, consentVersion } from '../../../dialogs/intake/wording.ts';

/** What each version of the consent says, in full, of one agency: the register names the version, so that no other text may have it. */
const versions: Record<number, string> = { 1: '3c8ae63400f2b1394e912971f5ff788d4fd73a12193588d17c1394366fb8c95d' };

it('the texts of the consent are those of their version: who changes one raises consentVersion and adds it here', () => {
  const agency = { name: '示例代办', contact: '微信号 example', kept: { draftDays: 90, caseDays: 365 } };
  const texts = consentAsked({ ...agency, desk: {} }) + certificateConsentAsked();
  expect(createHash('sha256').update(texts).digest('hex')).toBe(versions[consentVersion]);
});
