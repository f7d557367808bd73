import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import type { Plugin, UserConfig } from 'vite';
import { defineConfig } from 'vitest/config';
import { knowledgeCodeDigest } from './knowledge/code-digest.ts';

const root = import.meta.dirname;

/** Text files are kept compressed beside themselves, so that serving them costs nothing. */
function compressed(folder: string): Plugin {
  return {
    name: 'compressed',
    applyToEnvironment: ({ name }) => name !== 'ssr',
    closeBundle() {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !/\.(html|js|css|svg)$/.test(entry.name)) continue;
        const file = join(entry.parentPath, entry.name);
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: constants.Z_BEST_COMPRESSION }));
      }
    },
  };
}

/** Packages that are compiled, or find files of theirs beside themselves: they stay in node_modules. All others go into the server's own files. */
const apart = ['lmdb', 'nodejieba', 'sharp', '@embedpdf/pdfium', 'dtrace-provider', '@mapbox/node-pre-gyp'];

/**
 * One build for both sides: the pages that browsers load (dist/pages), and the server (dist/server) with the packages it uses: a thousand
 * small modules are most of what a start costs.
 */
export default defineConfig(({ command, mode }) => {
  const shared = {
    root: join(root, 'bot', 'web'),
    plugins: [compressed(join(root, 'dist', 'pages'))],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    environments: {
      client: {
        build: {
          outDir: join(root, 'dist', 'pages'),
          emptyOutDir: true,
          target: 'es2020',
          modulePreload: false,
          rolldownOptions: {
            input: {
              index: join(root, 'bot', 'web', 'index.html'),
              widget: join(root, 'bot', 'web', 'widget.html'),
              loader: join(root, 'bot', 'web', 'loader.ts'),
            },
            output: { entryFileNames: ({ name }) => (name === 'loader' ? 'widget.js' : 'assets/[name]-[hash].js') },
          },
        },
      },
      // Apart from the others: what the desk shares with the widget would else become a file more that every visitor has to fetch.
      desk: {
        consumer: 'client',
        build: {
          outDir: join(root, 'dist', 'pages'),
          emptyOutDir: false,
          copyPublicDir: false,
          target: 'es2022',
          modulePreload: false,
          rolldownOptions: { input: { desk: join(root, 'bot', 'web', 'desk.html') } },
        },
      },
      ssr: {
        define: { KNOWLEDGE_CODE: JSON.stringify(knowledgeCodeDigest(root)) },
        // Tests load packages as they are.
        ...(command === 'build' && { resolve: { noExternal: true, external: apart } }),
        build: {
          outDir: join(root, 'dist', 'server'),
          emptyOutDir: true,
          ssr: true,
          target: 'node20',
          sourcemap: true,
          rolldownOptions: {
            input: {
              main: join(root, 'bot', 'main.ts'),
              cases: join(root, 'bot', 'commands', 'cases.ts'),
              notes: join(root, 'bot', 'commands', 'notes.ts'),
              store: join(root, 'bot', 'commands', 'store.ts'),
              desk: join(root, 'bot', 'commands', 'desk.ts'),
              privacy: join(root, 'bot', 'commands', 'privacy.ts'),
              wechat: join(root, 'bot', 'commands', 'wechat.ts'),
              'check-config': join(root, 'bot', 'commands', 'check-config.ts'),
              'study-process': join(root, 'bot', 'desk', 'misses', 'study-process.ts'),
              'pdf-process': join(root, 'bot', 'documents', 'pdf-process.ts'),
              'picture-process': join(root, 'bot', 'documents', 'picture-process.ts'),
            },
            external: [...builtinModules, /^node:/, ...apart],
          },
        },
      },
    },
    builder: {},
  } satisfies UserConfig;
  const perTest = {
    root,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: 1, // of processes and browsers on a busy machine; what fails twice has failed, and a second try is reported
  };
  const projects =
    mode === 'web-chat' || mode === 'patterns'
      ? [{ name: mode, include: [`test/${mode}/*.outside.ts`] }]
      : [
          // Modules are loaded once for all files of a worker: loading them, and the knowledge, is much of the time.
          { name: 'together', isolate: false, include: ['test/**/*.test.ts'], exclude: ['test/**/*.mocked.test.ts'] },
          // A module replaced by another stays replaced, so these have each file a process to itself.
          { name: 'alone', include: ['test/**/*.mocked.test.ts'] },
        ];
  return {
    ...shared,
    test: {
      // Not among what the projects share: it would run once more for each of them.
      globalSetup: ['test/support/prepare.ts', 'test/support/build.ts'],
      root,
      maxWorkers: 3, // half of the time they wait: for pages, for processes, and for time to pass
      projects: projects.map((project) => ({ ...shared, mode, test: { ...perTest, ...project } })),
    },
  };
});
