import { type Application, startApplication } from './application.ts';
import { ConfigError, readProcessConfig } from './config.ts';
import { createLog } from './log.ts';

/** Serves until told to stop. A second signal while stopping ends the process at once. */
async function main(): Promise<void> {
  const config = readProcessConfig();
  const log = createLog(config);
  const application = await startApplication(config, log);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping');
      void stop(application);
    });
  }
  process.on('unhandledRejection', (err) => {
    // A fault of ours that left state unknown: the log has it, and a fresh process takes up what was not finished.
    log.error({ err }, 'unhandled rejection');
    process.exit(1);
  });
  const firstAccount = (await application.hasAgents()) ? '' : ', first account: npm run desk -- invite LOGIN';
  console.log(
    `Ready. Sample page and widget: ${application.url}/  agents' desk: ${application.url}/desk${firstAccount}  (stop with Ctrl+C)`,
  );
}

async function stop(application: Application): Promise<void> {
  await application.stop();
  process.exit(0);
}

main().catch((error: unknown) => {
  const known = error instanceof ConfigError || (error instanceof Error && error.name === 'KnowledgeError');
  console.error(known || error instanceof Error ? `Cannot start. ${(error as Error).message}` : error);
  process.exit(1);
});
