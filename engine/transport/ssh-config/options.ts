import { didYouMean } from '../../config/did-you-mean.js'
import type { Diagnostic } from '../../core/diagnostic.js'

/** Keywords that tkplay supports. */
export const honoured: ReadonlySet<string> = new Set(
  (
    'addressfamily bindaddress challengeresponseauthentication ciphers connectionattempts connecttimeout globalknownhostsfile ' +
    'host hostkeyalgorithms hostkeyalias hostname identitiesonly identityagent identityfile ignoreunknown include ' +
    'kbdinteractiveauthentication kexalgorithms macs match passwordauthentication port preferredauthentications proxycommand ' +
    'proxyjump pubkeyauthentication refuseconnection requiredrsasize revokedhostkeys sendenv serveralivecountmax ' +
    'serveraliveinterval setenv skeyauthentication user userknownhostsfile'
  ).split(' '),
)

/** Keywords that can be ignored: they have no meaning in tkplay, or tkplay is stricter than ssh. */
export const harmless: ReadonlySet<string> = new Set(
  [
    // Terminals, forwarding, connection sharing, background: tkplay opens one shell without a terminal.
    'clearallforwardings controlmaster controlpath controlpersist dynamicforward enableescapecommandline escapechar',
    'exitonforwardfailure forkafterauthentication forwardagent forwardx11 forwardx11timeout forwardx11trusted gatewayports',
    'localcommand localforward permitlocalcommand permitremoteopen remoteforward requesttty stdinnull streamlocalbindmask',
    'streamlocalbindunlink tunnel tunneldevice xauthlocation',
    // Output, logging and questions: tkplay asks nothing, and has its own messages.
    'batchmode fingerprinthash loglevel logverbose numberofpasswordprompts syslogfacility visualhostkey warnweakcrypto',
    // Other ways to log in: they are not tried, and a login that fails lists those that were.
    'enablesshkeysign gssapiauthentication gssapiclientidentity gssapidelegatecredentials gssapikexalgorithms gssapikeyexchange',
    'gssapirenewalforcesrekey gssapiserveridentity gssapitrustdns hostbasedacceptedalgorithms hostbasedauthentication',
    'hostbasedkeytypes securitykeyprovider',
    // tkplay always requires a pinned host key, and only `tkplay trust` writes known_hosts.
    'casignaturealgorithms hashknownhosts nohostauthenticationforlocalhost stricthostkeychecking updatehostkeys verifyhostkeydns',
    // Performance and diagnostics.
    'addkeystoagent channeltimeout compression ipqos obscurekeystroketiming tag tcpkeepalive versionaddendum',
    // Settings of CanonicalizeHostname, which is refused below.
    'canonicaldomains canonicalizefallbacklocal canonicalizemaxdots canonicalizepermittedcnames',
    // macOS.
    'usekeychain',
    // Keywords that OpenSSH itself ignores.
    'afstokenpassing cipher compressionlevel dsaauthentication fallbacktorsh globalknownhostsfile2 kerberosauthentication',
    'kerberostgtpassing protocol rhostsauthentication rhostsrsaauthentication rsaauthentication smartcarddevice',
    'tisauthentication useblacklistedkeys useprivilegedport useroaming usersh userknownhostsfile2',
  ].flatMap(line => line.split(' ')),
)

/** Keywords that are refused, except for the values that turn the feature off (`idle`). */
export const limited: {
  readonly [keyword: string]: { readonly name: string; readonly idle: RegExp; readonly hint: string }
} = {
  bindinterface: { name: 'BindInterface', idle: /^$/, hint: 'give the address of the interface: BindAddress' },
  canonicalizehostname: {
    name: 'CanonicalizeHostname',
    idle: /^(no|false|none)$/,
    hint: 'write the full name in the inventory: ansible_host',
  },
  certificatefile: {
    name: 'CertificateFile',
    idle: /^none$/,
    hint: 'log in with a plain key: ansible_ssh_private_key_file',
  },
  checkhostip: {
    name: 'CheckHostIP',
    idle: /^(no|false)$/,
    hint: 'set CheckHostIP no: keys are known by the name of a host',
  },
  knownhostscommand: {
    name: 'KnownHostsCommand',
    idle: /^none$/,
    hint: 'write what it prints to a file, and name that: UserKnownHostsFile',
  },
  pkcs11provider: { name: 'PKCS11Provider', idle: /^none$/, hint: 'load its keys into an agent: ssh-add -s PROVIDER' },
  proxyusefdpass: {
    name: 'ProxyUseFdpass',
    idle: /^(no|false)$/,
    hint: 'use a ProxyCommand that copies bytes, or ProxyJump',
  },
  pubkeyacceptedalgorithms: {
    name: 'PubkeyAcceptedAlgorithms',
    idle: /^[+^]/,
    hint: 'name the one key to use: ansible_ssh_private_key_file and IdentitiesOnly yes',
  },
  rekeylimit: {
    name: 'RekeyLimit',
    idle: /^(0|default)( (0|none))?$/,
    hint: 'leave it to the server: RekeyLimit in its sshd_config',
  },
  remotecommand: {
    name: 'RemoteCommand',
    idle: /^none$/,
    hint: 'set RemoteCommand none for this host: tkplay starts a shell',
  },
  sessiontype: {
    name: 'SessionType',
    idle: /^default$/,
    hint: 'set SessionType default for this host: tkplay starts a shell',
  },
}

/** Keywords with two names. */
const synonyms: { readonly [keyword: string]: string } = {
  pubkeyacceptedkeytypes: 'pubkeyacceptedalgorithms',
}

/** The error for a keyword that tkplay does not support; undefined where it is supported or can be ignored. */
export const objection = (keyword: string, args: readonly string[]): Diagnostic | undefined => {
  if (honoured.has(keyword) || harmless.has(keyword)) return undefined
  const known = limited[synonyms[keyword] ?? keyword]
  if (known === undefined)
    return {
      message: `'${keyword}' is no option of ssh that tkplay knows`,
      hint: didYouMean(keyword, everyOption()) ?? `leave it out, or set IgnoreUnknown ${keyword}`,
    }
  const value = args.join(' ')
  if (known.idle.test(value.toLowerCase())) return undefined
  return { message: `${known.name} ${value} is not supported`, hint: known.hint }
}

const everyOption = (): readonly string[] => [...honoured, ...harmless, ...Object.keys(limited)]
