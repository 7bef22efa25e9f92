import { sh } from '../../../shell/quote.js'

/**
 * Downloads with what the host has: curl, wget, or apt's own helper, which every Debian has. To a file beside the target first, so that
 * a broken transfer leaves nothing; with a checksum, what does not have it is thrown away.
 */
export const download = (url: string, path: string, sha256 = ''): string => sh`set -eu
u=${url} f=${path} s=${sha256}
trap 'rm -f "$f.part"' EXIT
if command -v curl >/dev/null; then curl -fsSL --retry 3 --connect-timeout 20 -o "$f.part" -- "$u"
elif command -v wget >/dev/null; then wget -q -T 20 -O "$f.part" -- "$u"
elif [ -x /usr/lib/apt/apt-helper ]; then /usr/lib/apt/apt-helper download-file "$u" "$f.part" >/dev/null
else echo 'neither curl nor wget is here' >&2; exit 127; fi
[ -s "$f.part" ] || { printf '%s\n' "$u gave nothing" >&2; exit 1; }
if [ -n "$s" ]; then
  is=$(sha256sum < "$f.part") && is=$(printf %s "$is" | cut -c 1-64)
  [ "$is" = "$s" ] || { printf '%s\n' "checksum of $u: $is instead of $s" >&2; exit 65; }
fi
chmod 0644 "$f.part" && mv -f "$f.part" "$f"`
