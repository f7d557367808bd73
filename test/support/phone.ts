import { codeAt } from '../../bot/desk/accounts/one-time-code.ts';
import type { OwnAccount, RecoveryCodes, SecondFactorDraft } from '../../bot/desk/desk-api.ts';
import type { DeskBrowser } from './desk.ts';

/** An app on somebody's phone that makes one-time codes, of a secret as people type it: base32, in groups. */
export class Phone {
  readonly #secret: Buffer;
  readonly #now: () => number;

  constructor(typed: string, now: () => number) {
    const bits = [...typed.replace(/\s/g, '')].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0')).join('');
    this.#secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
    this.#now = now;
  }

  /** `later`: milliseconds, negative for a code of before. */
  code(later = 0): string {
    return codeAt(this.#secret, this.#now() + later);
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Sets up a second factor for who is signed in there. */
export async function setUpPhone(browser: DeskBrowser, now: () => number): Promise<{ phone: Phone; recoveryCodes: string[] }> {
  const begun = await browser.post<SecondFactorDraft>('second-factor/begin');
  if (begun.status !== 200) throw new Error(`It was not begun: ${begun.status}.`);
  const phone = new Phone(begun.body.secret, now);
  const set = await browser.post<RecoveryCodes & OwnAccount>('second-factor', { code: phone.code() });
  if (set.status !== 200) throw new Error(`It was not set up: ${set.status}.`);
  return { phone, recoveryCodes: set.body.recoveryCodes };
}
