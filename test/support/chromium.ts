import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

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

/** Starts the system's own browser without a window, with a profile of its own that goes when it is closed. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium(process.env.PATH);
  if (!executablePath) throw new Error(`None of ${names.join(', ')} is on the PATH.`);
  return chromium.launch({ executablePath, args: flags });
}

/** Where the browser is on this machine, if there is one. */
export function findChromium(searchPath = ''): string | undefined {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
