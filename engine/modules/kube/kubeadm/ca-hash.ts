import { createHash, X509Certificate } from 'node:crypto'

/** The CA's pin as kubeadm takes it: SHA-256 over the certificate's public key (SubjectPublicKeyInfo, DER). RSA and ECDSA alike. */
export const caCertHash = (pem: string): string => {
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })
  return `sha256:${createHash('sha256').update(key).digest('hex')}`
}
