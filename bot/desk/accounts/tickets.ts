import { createHash, randomBytes } from 'node:crypto';

/** What proves to be somebody: the browser of a session, or who holds a link. It names the account it is for. */
export interface Ticket {
  account: string;
  /** What is kept of it. */
  digest: string;
}

/** A ticket that nobody can guess (256 bits), as text; nothing from which it could be made again is kept. */
export function newTicket(account: string): Ticket & { text: string } {
  const secret = randomBytes(32).toString('base64url');
  return { account, digest: digestOf(secret), text: `${account}.${secret}` };
}

/** A ticket as somebody shows it; undefined when it is none. */
export function readTicket(text: string | undefined): Ticket | undefined {
  const [, account, secret] = /^([0-9a-f]{16})\.([\w-]{43})$/.exec(text ?? '') ?? [];
  return account && secret ? { account, digest: digestOf(secret) } : undefined;
}

export function newId(): string {
  return randomBytes(8).toString('hex');
}

/** Without a salt or a key: what is hashed has 256 bits of chance. */
function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
