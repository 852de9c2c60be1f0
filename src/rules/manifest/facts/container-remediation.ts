/**
 * What to write in a manifest against a finding of a rule for containers, which itself names the options of docker run
 * and the keys of Compose. By rule id.
 */
export const IN_MANIFEST: Readonly<Record<string, string>> = {
  "SW-CTR-PRIVILEGED": "remove privileged: true; add the one capability or device that is needed",
  "SW-CTR-CAP-DANGEROUS": "remove it from securityContext.capabilities.add, with drop: [ALL]",
  "SW-CTR-CAP-DEFAULT": "securityContext: {capabilities: {drop: [ALL]}}",
  "SW-CTR-NNP": "securityContext: {allowPrivilegeEscalation: false}",
  "SW-CTR-ROOTFS-WRITABLE":
    "securityContext: {readOnlyRootFilesystem: true}, and an emptyDir where the program writes",
  "SW-CTR-MEMORY": "resources: {limits: {memory: 256Mi}}, with the amount that it needs",
  "SW-CTR-CPU": "resources: {limits: {cpu: 500m}}, with the amount that it needs",
  "SW-CTR-PIDS": "the kubelet sets it for all Pods of a node: podPidsLimit",
  "SW-CTR-USER-ROOT": "securityContext: {runAsNonRoot: true, runAsUser: 10001}",
  "SW-CTR-USERNS-HOST": "hostUsers: false in the Pod's spec",
  "SW-CTR-SECCOMP-OFF": "seccompProfile: {type: RuntimeDefault} in the securityContext",
  "SW-CTR-APPARMOR": "appArmorProfile: {type: RuntimeDefault} in the securityContext",
  "SW-CTR-SELINUX": "remove seLinuxOptions, or keep type: container_t",
  "SW-CTR-MASKS": "remove procMount: Unmasked",
  "SW-CTR-ENGINE-SOCKET": "remove the hostPath volume of the socket, or of the folder that holds it",
  "SW-CTR-MOUNT-SENSITIVE":
    "remove the hostPath volume, or narrow it to the one file, with readOnly: true at the volumeMount",
  "SW-CTR-MOUNT-PROPAGATION": "remove mountPropagation: Bidirectional",
  "SW-CTR-PID-HOST": "remove hostPID: true",
  "SW-CTR-NET-HOST": "remove hostNetwork: true; publish ports by a Service",
  "SW-CTR-IPC-HOST": "remove hostIPC: true",
  "SW-CTR-NAMESPACE-SHARED": "remove shareProcessNamespace: true",
  "SW-CTR-SYSCTL": "remove it from securityContext.sysctls",
  "SW-CTR-PORT-WILDCARD": "remove hostPort; publish the port by a Service",
  "SW-CTR-PORT-PRIVILEGED": "remove hostPort; publish the port by a Service",
  "SW-CTR-ENV-SECRET":
    "put it into a Secret and mount that as a volume; or valueFrom: {secretKeyRef: {name: …, key: …}}",
  "SW-CTR-HEALTH": "readinessProbe, and a livenessProbe where a restart helps",
  "SW-CTR-SSHD": "kubectl exec in place of ssh",
};
