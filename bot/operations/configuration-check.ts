import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { KnowledgeLoader } from '../../knowledge/knowledge.ts';
import type { Config } from '../config.ts';
import { Clamd, type Verdict } from '../documents/clamd.ts';
import { documentLimits } from '../documents/store-document.ts';
import { knowledgeFiles, pagesFolder } from '../paths.ts';
import { dataKeys } from '../store/data-keys.ts';
import { holdsAnything, openRawStore, openStore, storeFolder } from '../store/open-store.ts';
import { describeAddress } from '../store/redis/address.ts';
import { isOwnMachine } from '../unsafe-settings.ts';

/** What was found out about one thing. `fault`: the bot would not start, or not work; `weak`: it would, but not as well as it could. */
export interface Finding {
  state: 'ok' | 'weak' | 'fault';
  /** The setting, or the part. */
  about: string;
  /** What is so; of a fault and a weakness also what to do. */
  said: string;
}

const ok = (about: string, said: string): Finding => ({ state: 'ok', about, said });
const weak = (about: string, said: string): Finding => ({ state: 'weak', about, said });
const fault = (about: string, said: string): Finding => ({ state: 'fault', about, said });

/**
 * Tries what a bot with these settings would need, beside one that may be running, and changes nothing: what it writes to see whether it
 * can is gone afterwards, and an empty store stays empty.
 */
export async function checkConfiguration(config: Config): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const check of [
    checkFolder,
    checkKeys,
    checkSecretFiles,
    checkStore,
    checkPorts,
    checkPrograms,
    checkPublicAddress,
    checkProvider,
    checkScanner,
    checkHabits,
  ]) {
    found.push(...(await check(config)));
  }
  return found;
}

const leastFreeBytes = 2e9;
/** Of statfs(2): NFS, SMB, CIFS and FUSE. A file that is mapped into memory is not safe on them. */
const networkFilesystems = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546]);

function checkFolder({ dataDir, redis }: Config): Finding[] {
  const about = 'DATA_DIR';
  const folder = resolve(dataDir);
  // A folder that is not there yet is made by the first start.
  const there = nearest(folder);
  try {
    writeInto(there, folder === there);
  } catch (error) {
    return [fault(about, `${there} cannot be written to (${codeOf(error)}): give the bot's user the right to, or name another folder`)];
  }
  const { bavail, bsize, type } = statfsSync(there);
  const free = bavail * bsize;
  const isPrivate = folder !== there || process.platform === 'win32' || (statSync(folder).mode & 0o077) === 0;
  return [
    free < leastFreeBytes
      ? weak(about, `${(free / 1e9).toFixed(1)} GB are free in ${there}: make room, uploads take up to 50 MB for each conversation`)
      : ok(about, `${folder} can be written to, ${(free / 1e9).toFixed(0)} GB are free`),
    ...(!redis && networkFilesystems.has(type)
      ? [fault(about, `${there} is on a network: the embedded store needs a local disk; several machines share a Redis (REDIS_URL)`)]
      : []),
    ...(isPrivate ? [] : [weak(about, `other users of this machine can look into ${folder}: chmod 700 ${folder}`)]),
  ];
}

function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}

function writeInto(folder: string, really: boolean): void {
  accessSync(folder, constants.W_OK);
  if (!really) return;
  const probe = join(folder, `.check-${randomUUID()}`);
  mkdirSync(probe);
  try {
    writeFileSync(join(probe, 'probe'), 'x', { flush: true });
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

function checkKeys({ dataDir, dataKeys: keys, directLineSecrets }: Config): Finding[] {
  const of = (name: string, count: number, file: string) => {
    if (count > 0) return ok(name, `${count} set`);
    return weak(
      name,
      `not set: ${existsSync(join(dataDir, file)) ? 'the' : 'a'} key in ${join(dataDir, file)} is used; set your own before going live`,
    );
  };
  return [of('DATA_KEYS', keys.length, 'data.key'), of('DIRECT_LINE_SECRET', directLineSecrets.length, 'direct-line.secret')];
}

function checkSecretFiles({ secretFiles }: Config): Finding[] {
  return secretFiles.map(({ variable, path, isOpen }) =>
    isOpen
      ? weak(
          variable,
          `${path} is open to other users of this machine: chmod 600 ${path}; in a container have it mounted with mode 0400, for the bot's user`,
        )
      : ok(variable, `read from ${path}`),
  );
}

async function checkStore(config: Config): Promise<Finding[]> {
  const { redis, dataDir } = config;
  const about = redis ? 'REDIS_URL' : 'DATA_DIR';
  const where = redis ? describeAddress(redis.address) : storeFolder(dataDir);
  try {
    if (!redis && !existsSync(storeFolder(dataDir))) return [ok(about, 'there is no store yet: the first start makes one')];
    const raw = await openRawStore(config, 'look');
    const begun = await holdsAnything(raw).finally(() => raw.close());
    if (begun) await (await openStore(config, dataKeys(keysOf(config)), 'look')).close();
    return [
      ok(about, `${where} ${begun ? 'opens with these keys, and is of this version' : 'can be used, and is empty'}`),
      ...(redis ? await weaknessesOf(redis) : []),
    ];
  } catch (error) {
    return [fault(about, `${where}: ${messageOf(error)}`)];
  }
}

async function weaknessesOf({ address, replicas }: NonNullable<Config['redis']>): Promise<Finding[]> {
  const [{ connect }, { weaknesses }] = await Promise.all([
    import('../store/redis/connection.ts'),
    import('../store/redis/server-check.ts'),
  ]);
  const connection = await connect(address);
  try {
    const open = !address.tls && address.nodes.some(({ host }) => !isOwnMachine(host));
    return [
      ...(await weaknesses(connection, replicas)).map((said) => weak('REDIS_URL', said)),
      ...(open
        ? [
            weak(
              'REDIS_URL',
              'the way to it is not encrypted: use rediss, or a network that is yours alone; values are encrypted all the same',
            ),
          ]
        : []),
      ...(address.password ? [] : [weak('REDIS_URL', 'there is no password: set one in redis.conf (or an ACL user) and in REDIS_URL')]),
    ];
  } finally {
    await connection.close();
  }
}

/** Those that are set or, where none is, the one that was made at the first start. */
function keysOf({ dataKeys: keys, dataDir }: Config): Buffer[] {
  return keys.length > 0 ? keys : [Buffer.from(readFileSync(join(dataDir, 'data.key'), 'utf8').trim(), 'base64')];
}

async function checkPorts({ host, port, operations }: Config): Promise<Finding[]> {
  return [...(await checkPort(host, port, '')), ...(operations ? await checkOperations(operations) : [])];
}

async function checkOperations({ host, port }: NonNullable<Config['operations']>): Promise<Finding[]> {
  return [
    ...(await checkPort(host, port, 'OPERATIONS_')),
    ...(isOwnMachine(host)
      ? []
      : [weak('OPERATIONS_HOST', `${host} is reached by other machines: let a firewall leave the port to your monitoring alone`)]),
  ];
}

/** `prefix`: of the settings that name the port and the address. */
async function checkPort(host: string, port: number, prefix: string): Promise<Finding[]> {
  const about = `${prefix}PORT`;
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
    return [ok(about, port === 0 ? `any free port on ${host}` : `${port} on ${host} is free`)];
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRINUSE' && (await isBot(`http://${host.includes(':') ? `[${host}]` : host}:${port}`))) {
      return [ok(about, `a bot answers at ${port} on ${host}: stop it before you start another`)];
    }
    if (code === 'EADDRINUSE')
      return [fault(about, `${port} on ${host} is in use by another program: stop it, or set ${about} to a free port`)];
    if (code === 'EADDRNOTAVAIL') return [fault(`${prefix}HOST`, `this machine has no address ${host}`)];
    return [fault(about, `${port} on ${host} cannot be listened on (${code}): set ${about} to a number above 1023`)];
  } finally {
    server.close();
  }
}

const patienceMs = 3_000;

/** While the other side has the connection closed, nothing else keeps the process: without the timer it would end in the middle of the check. */
async function asked(url: string): Promise<Response> {
  const held = setTimeout(() => undefined, patienceMs);
  try {
    return await fetch(url, { signal: AbortSignal.timeout(patienceMs), redirect: 'error' });
  } finally {
    clearTimeout(held);
  }
}

async function isBot(url: string): Promise<boolean> {
  try {
    const response = await asked(`${url}/healthz`);
    return response.ok && ((await response.json()) as { status?: unknown }).status === 'ok';
  } catch {
    return false; // which is what was asked
  }
}

async function showsFigures(url: string): Promise<boolean> {
  try {
    const response = await asked(`${url}/metrics`);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false; // which is what was asked
  }
}

function checkPrograms(): Finding[] {
  const faults: unknown[] = [];
  const loaded = (() => {
    try {
      return new KnowledgeLoader(knowledgeFiles, (error) => faults.push(error)).load().entries.length;
    } catch (error) {
      return error;
    }
  })();
  return [
    existsSync(join(pagesFolder, 'widget.html')) ? ok('pages', 'are built') : fault('pages', 'are not built: npm run build'),
    typeof loaded === 'number' ? ok('knowledge', `${loaded} topics`) : fault('knowledge', messageOf(loaded)),
  ];
}

async function checkPublicAddress({ publicUrl }: Config): Promise<Finding[]> {
  const about = 'PUBLIC_URL';
  if (publicUrl === undefined) return [weak(about, 'not set: only browsers on this machine reach the bot')];
  if (await isBot(publicUrl)) {
    const isOpen = !isOwnMachine(new URL(publicUrl).hostname) && (await showsFigures(publicUrl));
    return [
      ok(about, `a bot answers at ${publicUrl}`),
      ...(isOpen
        ? [
            weak(
              'OPERATIONS_PORT',
              `everybody can read ${publicUrl}/metrics: set it, or keep /metrics and /readyz for yourself at the proxy`,
            ),
          ]
        : []),
    ];
  }
  return [weak(about, `no bot answers at ${publicUrl}: once it runs, see whether the name, the certificate and the proxy are right`)];
}

async function checkProvider({ identityProvider }: Config): Promise<Finding[]> {
  if (!identityProvider) return [];
  const about = 'DESK_OIDC_ISSUER';
  const { issuer } = identityProvider;
  try {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await asked(url);
    const told = response.ok ? ((await response.json()) as { issuer?: unknown }).issuer : undefined;
    if (told === issuer) return [ok(about, 'answers')];
    return [fault(about, `at ${url} there is no provider that calls itself ${issuer}: write it as the provider does, to the last slash`)];
  } catch (error) {
    return [fault(about, `does not answer (${messageOf(error)}): is the address right, and can this machine reach it?`)];
  }
}

async function checkScanner({ scanner }: Config): Promise<Finding[]> {
  if (!scanner) return [];
  const about = 'CLAMAV_ADDRESS';
  const { address, required } = scanner;
  const clamd = new Clamd(address);
  const answer = await clamd.ping(patienceMs);
  if (answer !== 'pong') {
    const effect = required ? 'files are refused' : 'files are kept without having been scanned';
    const said = `clamd does not answer (${answer}), and meanwhile ${effect}: does it run there, and may the bot's user write to its socket?`;
    return [required ? fault(about, said) : weak(about, said)];
  }
  return [
    ok(about, 'clamd answers'),
    ...(await scannerFindings(clamd, required)),
    ...('host' in address && !isOwnMachine(address.host)
      ? [weak(about, 'the way to it is not encrypted, and files go along it: use a network that is yours alone')]
      : []),
  ];
}

/** Whether it finds what every scanner is to find, and takes files as large as ours may be. */
async function scannerFindings(clamd: Clamd, required: boolean): Promise<Finding[]> {
  const about = 'CLAMAV_ADDRESS';
  const test = await verdictOn(clamd, Buffer.from(eicarTestFile, 'base64'));
  const largest = await verdictOn(clamd, Buffer.alloc(documentLimits.bytesPerFile));
  return [
    ...(test.outcome === 'infected' ? [] : [weak(about, 'clamd does not find the EICAR test file: let freshclam bring its signatures')]),
    ...(largest.outcome === 'unscanned'
      ? [
          (required ? fault : weak)(
            about,
            `clamd does not scan a file of ${documentLimits.bytesPerFile} bytes (${largest.why}): raise StreamMaxLength in clamd.conf`,
          ),
        ]
      : []),
  ];
}

/** What every scanner is to report, and harms nobody (EICAR, "Anti-Malware Testfile", read 2026-11); in base64, so that none reports this file. */
const eicarTestFile = 'WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=';

async function verdictOn(clamd: Clamd, file: Buffer): Promise<Verdict> {
  const scan = clamd.scan();
  try {
    await scan.push(file);
    return await scan.end();
  } finally {
    scan.close();
  }
}

/** What nobody can try, but what is rarely meant. */
function checkHabits({
  publicUrl,
  trustedProxies,
  logLevel,
  widgetOrigins,
  agency,
  deskSecondFactor,
  identityProvider,
}: Config): Finding[] {
  const isPublic = publicUrl !== undefined && !isOwnMachine(new URL(publicUrl).hostname);
  if (!isPublic) return [];
  return [
    ...(trustedProxies.length === 0
      ? [weak('TRUSTED_PROXIES', 'not set: behind a proxy all visitors have its address, and share the limits of one')]
      : []),
    ...(widgetOrigins.length === 0 ? [weak('WIDGET_ORIGINS', "not set: only the bot's own page can show the widget")] : []),
    ...(agency.contact ? [] : [weak('AGENCY_CONTACT', 'not set: where the bot cannot help, customers are not told how to reach you')]),
    ...(deskSecondFactor === 'off' && !identityProvider
      ? [weak('DESK_TOTP', 'off: a password is all it takes to see what customers have given; set supervisors, or all')]
      : []),
    ...(['debug', 'trace'].includes(logLevel) ? [weak('LOG_LEVEL', `${logLevel} is for finding a fault: set info`)] : []),
  ];
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
