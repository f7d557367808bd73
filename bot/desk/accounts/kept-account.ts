import type { Account, Role, SignedIn, Skill } from '../desk-api.ts';

/** Somebody of the agency, as the store has them: with their sessions, so that whatever ends these is one write. */
export interface KeptAccount {
  id: string;
  login: string;
  name: string;
  role: Role;
  skills: Skill[];
  active: boolean;
  createdAt: number;
  /** As `Passwords` writes it. */
  password?: string;
  invitation?: { digest: string; until: number };
  /** Who its owner is at the identity provider, since they came in from there. */
  identity?: Identity;
  /** What is asked for besides the password. */
  secondFactor?: KeptSecondFactor;
  /** One that is being set up: shown to its owner, and not in force. */
  secondFactorDraft?: { secret: string; until: number };
  sessions: KeptSession[];
}

export interface KeptSecondFactor {
  /** In base64. Codes are made of it, so that it cannot be kept as a digest; like all of the account, it is encrypted. */
  secret: string;
  /** Of the last code that was used: none is good twice. */
  usedStep: number;
  /** Digests of those that are left. */
  recoveryCodes: string[];
}

export interface Identity {
  issuer: string;
  subject: string;
}

export interface KeptSession {
  id: string;
  /** Of what the browser has. */
  digest: string;
  startedAt: number;
  usedAt: number;
  /** How it was begun; left out: by password, or by the link that sets one. */
  by?: 'identity-provider';
  /** When its owner showed anew, since it was begun, who they are. */
  confirmedAt?: number;
}

/** Of who is signed in: it has to be there. */
export function known(id: string, account: KeptAccount | undefined): KeptAccount {
  if (!account) throw new Error(`There is no account ${id}, which is signed in.`);
  return account;
}

export function shownAccount({ id, login, name, role, skills, active, createdAt, password, secondFactor }: KeptAccount): Account {
  const has = { hasPassword: password !== undefined, hasSecondFactor: secondFactor !== undefined };
  return { id, login, name, role, skills, active, createdAt, ...has };
}

export function signedIn({ id, name, role, skills }: KeptAccount): SignedIn {
  return { id, name, role, skills };
}
