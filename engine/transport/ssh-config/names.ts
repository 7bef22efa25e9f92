/**
 * Whether a text is safe as a host or user name in a shell command (`ProxyCommand ssh -W %h:%p …`). The rules are those
 * of OpenSSH's valid_hostname and valid_ruser, added for CVE-2023-51385.
 */
export const isHostName = (name: string): boolean =>
  name !== '' && !/^-|['`"$\\;&<>|(){}\s]/.test(name) && !hasControl(name)

export const isUserName = (name: string): boolean =>
  name !== '' && !/^-|['`";&<>|(){}]|\s-|\\$/.test(name) && !hasControl(name)

const hasControl = (text: string): boolean => /\p{Cc}/u.test(text)
