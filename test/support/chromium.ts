import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
/** The same browser without windows of its own, which cost several times what a page costs; and without what the whole one has settings for. */
const shell = 'chromium-headless-shell';

// Nothing that the browser wants for itself: its calls home would show up among those of the page.
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the system's own browser without a window, with a profile of its own that goes when it is closed. `whole`: not the shell. */
export function launchChromium({ whole = false } = {}): Promise<Browser> {
  const executablePath = (whole ? undefined : findCommand([shell], process.env.PATH)) ?? findChromium(process.env.PATH);
  if (!executablePath) throw new Error(`None of ${names.join(', ')} is on the PATH.`);
  return chromium.launch({ executablePath, args: flags });
}

/** Where the browser is on this machine, if there is one. */
export function findChromium(searchPath = ''): string | undefined {
  return findCommand(names, searchPath);
}

function findCommand(commands: readonly string[], searchPath = ''): string | undefined {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => commands.map((command) => join(folder, command))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
