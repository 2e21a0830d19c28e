import { spawn } from 'node:child_process';

// The shell reads from a pipe whose other end only this Node process holds. A line means "stand down"; the end of the pipe
// means that Node is gone, however it went, kill -9 included. Then the server is stopped and its directory removed.
const script = `
read -r line && exit 0
alive() {
  kill -s 0 -- "$1" 2>/dev/null || return 1
  # Where nobody reaps orphans (a container without an init) a dead process keeps its id as a zombie.
  case "$(cat "/proc/\${1#-}/stat" 2>/dev/null)" in *") Z "*) return 1 ;; esac
}
kill -s "$1" -- "$2" 2>/dev/null
n=0
while [ $n -lt 100 ] && alive "$2"; do sleep 0.1; n=$((n+1)); done
kill -s KILL -- "$2" 2>/dev/null
if [ -n "$3" ]; then rm -rf -- "$3"; fi
`;

export interface Guardian {
  /** Ends the watch; the guarded process is left alone. */
  standDown(): void;
}

export interface GuardOptions {
  /** The gentle signal; SIGKILL follows after ten seconds. */
  signal?: 'INT' | 'TERM';
  /** The process leads a group of its own, and the whole group is meant. */
  group?: boolean;
  /** A directory to remove once the process is gone. */
  remove?: string;
}

/**
 * Ties a server's life to that of this Node process: should Node end without stopping it, be it by `kill -9`, the server is
 * stopped all the same. Where there is no POSIX shell it is stopped at a regular exit of Node only.
 */
export function guard(pid: number, options: GuardOptions = {}): Guardian {
  const target = options.group ? -pid : pid;
  const signal = options.signal ?? 'INT';
  const atExit = () => {
    try {
      process.kill(target, `SIG${signal}`);
    } catch {
      // Already gone.
    }
  };
  if (process.platform === 'win32') {
    process.once('exit', atExit);
    return { standDown: () => process.off('exit', atExit) };
  }
  // Detached: Ctrl-C in a terminal reaches the whole foreground group, and the guardian has to outlive it.
  const shell = spawn('/bin/sh', ['-c', script, 'rebound-guardian', signal, String(target), options.remove ?? ''], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  shell.once('error', () => process.once('exit', atExit));
  shell.stdin.on('error', () => undefined);
  shell.unref();
  (shell.stdin as unknown as { unref?(): void }).unref?.();
  return {
    standDown() {
      process.off('exit', atExit);
      shell.stdin.end('stand down\n');
    },
  };
}
