/** What Nest injects the ports and the parts of the server by. */
export const CONFIG = Symbol('Config');
export const LOGGER = Symbol('Logger');
export const CLOCK = Symbol('Clock');
export const IDS = Symbol('Ids');
export const EVENT_LOG = Symbol('EventLog');
export const READ_MODELS = Symbol('ReadModels');
export const PROJECTOR = Symbol('Projector');
export const NOTIFIER = Symbol('Notifier');
export const DELIVERIES = Symbol('Deliveries');
export const ACTIVITIES = Symbol('Activities');
export const DEFINITIONS = Symbol('Definitions');
export const EXECUTIONS = Symbol('Executions');
export const ADMISSION = Symbol('Admission');
export const EMISSIONS = Symbol('Emissions');
export const SCHEDULES = Symbol('Schedules');
export const NODES = Symbol('Nodes');
export const VIEWS = Symbol('Views');
