import { fork, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Finding } from './ask-peer.ts';
import type { PeerPlan } from './peers.ts';

const folder = import.meta.dirname;

/** Installs what peers need, once. Throws with the remedy when the registry cannot be reached. */
export function installPeers(): void {
  if (existsSync(join(folder, 'node_modules', '.package-lock.json'))) return;
  console.log('Installing the peers from the npm registry …');
  const args = ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
  const { status } = spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error('The peers could not be installed: see what npm says above, then run this again.');
}

/**
 * Asks every peer every message, as many processes at once as there are processors, and tells when one is through.
 * Findings come in the order of the messages. Gives what went wrong with peers that could not be asked: one of them shall not
 * spoil half an hour of the others.
 */
export async function runPeers(
  plans: readonly PeerPlan[],
  messages: readonly string[],
  done: (plan: PeerPlan, findings: readonly Finding[]) => void,
): Promise<string[]> {
  const faults = new Map<string, string>();
  const findings = new Map(plans.map(({ name }) => [name, new Map<string, Finding>()]));
  const tasks = plans.flatMap((plan) =>
    Array.from({ length: plan.shards }, (_, shard) => ({ plan, messages: messages.filter((_, at) => at % plan.shards === shard) })),
  );
  const worker = async () => {
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      const { plan } = task;
      if (faults.has(plan.name)) continue;
      const own = findings.get(plan.name) ?? new Map<string, Finding>();
      try {
        for (const finding of await askPeer(plan.name, task.messages)) own.set(finding.asked, finding);
      } catch (cause) {
        faults.set(plan.name, `${plan.name} is left out: ${cause instanceof Error ? cause.message : String(cause)}`);
        continue;
      }
      if (own.size === messages.length) {
        done(
          plan,
          messages.flatMap((asked) => own.get(asked) ?? []),
        );
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return [...faults.values()];
}

/** In a process of its own, since peers print, keep much memory, and would wait for each other. */
function askPeer(peer: string, messages: readonly string[]): Promise<Finding[]> {
  return new Promise((resolve, reject) => {
    const child = fork(join(folder, 'ask-peer.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.once('message', (findings) => resolve(findings as Finding[]));
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`its process ended with ${signal ?? code} before it was through.`)));
    child.send({ peer, messages });
  });
}
