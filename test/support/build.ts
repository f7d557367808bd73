import { execFileSync } from 'node:child_process';
import { projectRoot } from '../../bot/paths.ts';

/** Before the suite: the built program and pages, which the tests of whole processes and of the browser use. */
export default function build(): void {
  execFileSync('npm', ['run', 'build', '--silent'], {
    cwd: projectRoot,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' },
  });
}
