import type { TarEntry } from './tar.js'

const text = (path: string, content: string): TarEntry => ({
  kind: 'file',
  path,
  mode: 0o644,
  body: Buffer.from(content),
})

export const NGINX_COMMAND = ['nginx', '-g', 'daemon off;'] as const

/**
 * Debian's nginx under the version of the walk-through: the page at `/` and the header `X-App-Version` say the tag, so that
 * an update and a rollback can be seen. The header `Server` still says Debian's.
 */
export function nginxEntries(tag: string): readonly TarEntry[] {
  return [
    text('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n'),
    text('etc/group', 'root:x:0:\nwww-data:x:33:\n'),
    text('etc/nginx/nginx.conf', nginxConf(tag)),
    text(
      'usr/share/nginx/html/index.html',
      `<title>Welcome to nginx!</title>\n<h1>Welcome to nginx!</h1>\n<p>nginx/${tag}</p>\n`,
    ),
    { kind: 'folder', path: 'var/log/nginx' },
    { kind: 'folder', path: 'var/lib/nginx', uid: 33 },
    { kind: 'folder', path: 'run' },
  ]
}

const nginxConf = (tag: string): string => `user www-data;
worker_processes 1;
error_log /dev/stderr notice;
pid /run/nginx.pid;
events { worker_connections 512; }
http {
  types { text/html html; text/css css; application/javascript js; image/png png; }
  default_type application/octet-stream;
  access_log /dev/stdout;
  add_header X-App-Version ${tag} always;
  server {
    listen 80;
    listen [::]:80;
    root /usr/share/nginx/html;
    index index.html;
  }
}
`

/** What an image with busybox has beside the program and its libraries: a link for each applet, and the one user. */
export const busyboxEntries = (applets: readonly string[]): readonly TarEntry[] => [
  { kind: 'folder', path: 'tmp', mode: 0o1777 },
  ...applets
    .filter(name => name !== 'busybox')
    .map((name): TarEntry => ({ kind: 'symlink', path: `bin/${name}`, target: 'busybox' })),
  text('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'),
  text('etc/group', 'root:x:0:\n'),
]
