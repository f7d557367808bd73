import { decode, encode } from '../../conversations/conversation.ts';
import { deskPartition } from '../../handoffs/handoff.ts';
import type { Applied, Check, Operation, Store } from '../../store/store.ts';
import type { Audit, AuditEntry } from '../audit.ts';
import type { KeptAccount } from './kept-account.ts';

/** What a change of an account comes to. Without `account` nothing is written. */
export interface Change<R> {
  result: R;
  account?: KeptAccount;
  /** Recorded with it. */
  audit?: AuditEntry;
}

/** The accounts, by login. */
type Directory = Record<string, string>;

const names = { directory: 'desk:accounts', account: (id: string) => `desk:account:${id}` };
const mostAccounts = 1000;

/**
 * The accounts in the store, each a record; all in one partition, as there are few. Logins stand in one sealed record, because they may be
 * addresses of people, which names of records must not tell.
 */
export class KeptAccounts {
  readonly #store: Store;
  readonly #audit: Audit;

  constructor(store: Store, audit: Audit) {
    this.#store = store;
    this.#audit = audit;
  }

  now(): number {
    return this.#store.now();
  }

  async find(id: string): Promise<KeptAccount | undefined> {
    return (await this.#look(id)).account;
  }

  async findByLogin(login: string): Promise<KeptAccount | undefined> {
    const { directory } = await this.#directory();
    const id = Object.hasOwn(directory, login) ? directory[login] : undefined;
    return id === undefined ? undefined : this.find(id);
  }

  /** In the order of their logins. */
  async all(): Promise<KeptAccount[]> {
    const { directory } = await this.#directory();
    const found = await Promise.all(Object.values(directory).map((id) => this.find(id)));
    return found.filter((account) => account !== undefined).sort((a, b) => (a.login < b.login ? -1 : 1));
  }

  async add(account: KeptAccount, audit: AuditEntry): Promise<'added' | 'login-taken' | 'full'> {
    for (;;) {
      const { directory, version } = await this.#directory();
      if (Object.hasOwn(directory, account.login)) return 'login-taken';
      if (Object.keys(directory).length >= mostAccounts) return 'full';
      const applied = await this.#write(audit, {
        checks: [{ record: names.directory, version }],
        operations: [put(account), { do: 'put', record: names.directory, value: encode({ ...directory, [account.login]: account.id }) }],
      });
      if (applied.outcome === 'applied') return 'added';
    }
  }

  /** Changes an account from what it is; when another was faster, from what it is then. */
  async change<R>(id: string, from: (account: KeptAccount | undefined) => Change<R>): Promise<R> {
    for (;;) {
      const { account: found, version } = await this.#look(id);
      const { result, account, audit } = from(found);
      if (!account) return result;
      const applied = await this.#write(audit, { checks: [{ record: names.account(id), version }], operations: [put(account)] });
      if (applied.outcome === 'applied') return result;
    }
  }

  /** The same where it depends on the other accounts, none of which is changed in this way, or added, at the same time. */
  async changeAmong<R>(id: string, from: (account: KeptAccount | undefined, all: readonly KeptAccount[]) => Change<R>): Promise<R> {
    for (;;) {
      const { directory, version: seen } = await this.#directory();
      const all = await this.all();
      const { account: found, version } = await this.#look(id);
      const { result, account, audit } = from(found, all);
      if (!account) return result;
      const applied = await this.#write(audit, {
        checks: [
          { record: names.account(id), version },
          { record: names.directory, version: seen },
        ],
        operations: [put(account), { do: 'put', record: names.directory, value: encode(directory) }],
      });
      if (applied.outcome === 'applied') return result;
    }
  }

  #write(audit: AuditEntry | undefined, step: { checks: Check[]; operations: Operation[] }): Promise<Applied> {
    return audit ? this.#audit.record(audit, step) : this.#store.apply(deskPartition, step);
  }

  async #look(id: string): Promise<{ account: KeptAccount | undefined; version: number }> {
    const record = await this.#store.get(deskPartition, names.account(id));
    return record ? { account: decode<KeptAccount>(record.value), version: record.version } : { account: undefined, version: 0 };
  }

  async #directory(): Promise<{ directory: Directory; version: number }> {
    const record = await this.#store.get(deskPartition, names.directory);
    return record ? { directory: decode<Directory>(record.value), version: record.version } : { directory: {}, version: 0 };
  }
}

function put(account: KeptAccount): Operation {
  return { do: 'put', record: names.account(account.id), value: encode(account) };
}
