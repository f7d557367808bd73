/** Ends this process, as if it had crashed, when it holds more memory than its first argument says, in bytes. For programs that `runConfined` runs. */
export function limitMemory(): void {
  const mostBytes = Number(process.argv[2]);
  // What decoders hold lies outside of the JavaScript heap, whose limits do not reach it.
  setInterval(() => process.memoryUsage.rss() > mostBytes && process.kill(process.pid, 'SIGKILL'), 10).unref();
}
