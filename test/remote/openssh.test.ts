import { remoteContract } from './contract.ts';
import { sshContract } from './ssh-contract.ts';

remoteContract('openssh');
sshContract('openssh');
