import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Knowledge, KnowledgeFiles } from '../knowledge/knowledge.ts';
import { KnowledgeLoader } from '../knowledge/knowledge.ts';
import type { Log } from './log.ts';

/** Editors write a file in several steps; the last of them is waited for. */
const settleMs = 150;

/**
 * The knowledge base as it stands in its files now. An edit takes effect whole or not at all: a faulty one is refused, the log
 * says where and why, and what was there before goes on.
 */
export class LiveKnowledge {
  readonly #loader: KnowledgeLoader;
  readonly #files: KnowledgeFiles;
  readonly #log: Log;
  readonly #watchers: FSWatcher[] = [];
  #current: Knowledge;
  #pending: NodeJS.Timeout | undefined;

  /** Throws a `KnowledgeError` when the files are faulty from the beginning. `loader`: one that may have loaded them before. */
  constructor(files: KnowledgeFiles, log: Log, loader = new KnowledgeLoader(files, (err) => log.warn({ err }, 'knowledge snapshot'))) {
    this.#files = files;
    this.#log = log;
    this.#loader = loader;
    this.#current = this.#loader.load({ keep: true });
  }

  get current(): Knowledge {
    return this.#current;
  }

  watch(): void {
    const { faq, outOfScope, figures, calibration } = this.#files;
    for (const folder of new Set([faq, outOfScope, dirname(figures), dirname(calibration)])) {
      const watcher = watch(folder, (_, name) => {
        if (name === null || /\.(yaml|json)$/.test(name)) this.#reloadSoon();
      });
      watcher.on('error', (err) => this.#log.error({ err }, 'edits of the knowledge base are no longer noticed: restart to see them'));
      this.#watchers.push(watcher);
    }
  }

  /** Looks again: another process has said that there is an edit, which folders on a network do not tell of by themselves. */
  look(): void {
    this.#reloadSoon();
  }

  close(): void {
    clearTimeout(this.#pending);
    for (const watcher of this.#watchers) watcher.close();
  }

  #reloadSoon(): void {
    clearTimeout(this.#pending);
    this.#pending = setTimeout(() => this.#reload(), settleMs);
  }

  #reload(): void {
    const started = performance.now();
    try {
      const next = this.#loader.load();
      if (next.revision === this.#current.revision) return;
      this.#current = next;
      const ms = Math.round(performance.now() - started);
      this.#log.info({ revision: next.revision, entries: next.entries.length, ms }, 'knowledge reloaded');
    } catch (err) {
      this.#log.error({ err }, 'edit of the knowledge base refused; the version before goes on');
    }
  }
}
