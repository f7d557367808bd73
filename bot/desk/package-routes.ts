import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { fields } from '../../dialogs/intake/fields.ts';
import { otherDocument } from '../../dialogs/intake/wording.ts';
import { documentTitles, isDocumentKind } from '../../knowledge/filing/document-kinds.ts';
import type { Cases } from '../cases/cases.ts';
import type { AgencyCase } from '../cases/kept-case.ts';
import { givenOut } from '../documents/given-out.ts';
import {
  type Destination,
  digestOf,
  type FilingPackage,
  missingDocuments,
  packageOf,
  writePackage,
} from '../filing-package/filing-package.ts';
import { readJsonBody } from '../http/body.ts';
import { HttpError, notFound, sendJson } from '../http/http-error.ts';
import type { Limit } from '../http/limits.ts';
import type { Route, RoutedRequest } from '../http/web-server.ts';
import type { Agreement, Consents } from '../privacy/consents.ts';
import type { Disclosures, KeptDisclosure } from '../privacy/disclosures.ts';
import type { Files } from '../store/files.ts';
import type { Accounts } from './accounts/accounts.ts';
import { loginsOf } from './accounts/logins.ts';
import type { Audit } from './audit.ts';
import { numberOf, signatureOfAgent, takeOnRecord } from './case-routes.ts';
import { isCovered } from './case-view.ts';
import type { DisclosureLine, PackagePlan } from './desk-api.ts';
import type { Admitted, DeskGate } from './desk-gate.ts';
import { admitted, beforeOf, type DeskHandler, get, post, sendAll } from './desk-route.ts';
import { contentOf } from './document-content.ts';
import { recordedLine, requireNobodyNamed } from './recorded-line.ts';

export interface PackageRoutesOptions {
  gate: DeskGate;
  accounts: Accounts;
  audit: Audit;
  cases: Cases;
  files: Files;
  consents: Consents;
  disclosures: Disclosures;
  /** How many packages one person may make. */
  packageLimit: Limit;
  now: () => number;
}

const mostBytes = 4 * 1024;
const pageSize = 100;

const orderSchema = z.strictObject({ recipient: recordedLine(100), purpose: recordedLine(200), digest: z.string().max(100) });

/** Packages of a case for its access provider, and the ledger of them; see the table in `desk-api.ts`. */
export class PackageRoutes {
  readonly #options: PackageRoutesOptions;

  constructor(options: PackageRoutesOptions) {
    this.#options = options;
  }

  get routes(): Route[] {
    return [
      get('cases/:number/package', this.#for(this.#plan)),
      post('cases/:number/package', this.#for(this.#make)),
      get('disclosures', this.#for(this.#list)),
    ];
  }

  #for(handle: DeskHandler): Route['handle'] {
    return admitted(this.#options.gate, 'supervisor', handle.bind(this));
  }

  async #plan(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const [filed, packed] = await this.#complete(request);
    const [consents, entries] = await Promise.all([this.#agreed(filed.number), this.#options.cases.audit(filed.number)]);
    const plan: PackagePlan = {
      digest: digestOf(packed),
      recipient: providerOf(filed),
      fields: packed.fields.map((field) => ({ label: fields[field].label, ...(isCovered(field) && { covered: true as const }) })),
      documents: packed.documents.map(({ name, unscanned }) => ({ name, ...(unscanned && { unscanned }) })),
      missing: missingDocuments(filed),
      consents,
      notConsented: notConsented(packed, consents),
      // From the record of the case: the ledger of all cases may be long.
      earlier: entries
        .filter(({ did }) => did === 'disclose')
        .map(({ at, by, to = '' }) => ({ at, by, recipient: to }))
        .reverse(),
    };
    sendJson(response, 200, plan);
  }

  async #make(request: RoutedRequest, response: ServerResponse, agent: Admitted): Promise<void> {
    const { digest, ...to } = await readJsonBody(request, orderSchema, mostBytes);
    const { gate, packageLimit, audit, files, now } = this.#options;
    const [filed, packed] = await this.#complete(request);
    requireNobodyNamed([to.recipient, to.purpose], 'PersonalDataNamed');
    if (digest !== digestOf(packed)) throw new HttpError(409, 'CaseChanged', 'What would go out is no longer what was seen.');
    await this.#requireDocuments(packed);
    gate.requireConfirmed(agent);
    const { number } = filed;
    const why = `to ${to.recipient}: ${to.purpose}`;
    await takeOnRecord(packageLimit, agent, () => audit.add({ by: agent.id, did: 'case-disclosure-refused', what: `case:${number}`, why }));
    // Recorded before the first byte leaves: what cannot be recorded is not handed out.
    await this.#record(agent, number, packed, to);
    response.writeHead(200, {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="${number}.zip"; filename*=UTF-8''${encodeURIComponent(`备案资料包-${number}`)}.zip`,
      'Cache-Control': 'no-store',
    });
    await sendAll(
      writePackage(filed, packed, to, now(), async (file) => contentOf(await givenOut(files, file))),
      response,
    );
  }

  async #list(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const { disclosures, accounts } = this.#options;
    const [kept, known] = await Promise.all([disclosures.before(beforeOf(request), pageSize), accounts.all()]);
    const loginOf = loginsOf(known);
    sendJson(
      response,
      200,
      kept.map((each) => disclosureLine(each, loginOf)),
    );
  }

  /** Throws 404 where there is no such case, and 409 where it is not complete. */
  async #complete(request: RoutedRequest): Promise<[AgencyCase, FilingPackage]> {
    const filed = await this.#options.cases.findForAgency(numberOf(request));
    if (!filed) throw notFound();
    const packed = packageOf(filed);
    if (packed) return [filed, packed];
    throw new HttpError(409, 'CaseNotComplete', 'It is not submitted yet, has ended, or lacks certificate numbers that a person collects.');
  }

  /**
   * Before anything is recorded: an archive that breaks off in the middle would stand in the ledger as one that was handed out. One after the
   * other, so that they do not lie in memory together.
   */
  async #requireDocuments({ documents }: FilingPackage): Promise<void> {
    for (const { file, name } of documents) {
      const made = await givenOut(this.#options.files, file);
      if (made === 'gone') throw new HttpError(409, 'DocumentGone', 'The file of a document is gone.');
      contentOf(made, name);
    }
  }

  async #record(agent: Admitted, number: string, packed: FilingPackage, to: Destination): Promise<void> {
    const { accounts, cases, disclosures } = this.#options;
    const signature = await signatureOfAgent(accounts, agent);
    const documents = packed.documents.map(({ kind }) => kind);
    const consents = await this.#agreed(number);
    await disclosures.record({ by: agent.id, caseNumber: number, ...to, fields: packed.fields, documents, consents });
    await cases.record(number, signature, 'disclose', { to: to.recipient });
  }

  async #agreed(number: string): Promise<Agreement[]> {
    return this.#options.consents.agreedTo(number, await this.#options.cases.conversationsOf(number));
  }
}

/** The name that the customer gave; none where they gave none, or are not sure. */
function providerOf({ values: { accessProvider = '' } }: AgencyCase): string {
  return ['none', 'unsure'].includes(accessProvider) ? '' : accessProvider;
}

/** Consents that what is in the package takes, and that the register does not have. */
function notConsented({ fields: keys }: FilingPackage, consents: readonly Agreement[]): Agreement['purpose'][] {
  const needed: Agreement['purpose'][] = keys.some(isCovered) ? ['general', 'certificates'] : ['general'];
  return needed.filter((purpose) => !consents.some((each) => each.purpose === purpose));
}

function disclosureLine({ by, fields: keys, documents, ...kept }: KeptDisclosure, loginOf: (id: string) => string): DisclosureLine {
  return {
    ...kept,
    by: loginOf(by),
    fields: keys.map((key) => fields[key].label),
    documents: documents.map((kind) => (isDocumentKind(kind) ? documentTitles[kind] : otherDocument)),
  };
}
