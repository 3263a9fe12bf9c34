from haas_missing import refuse

refuse(__name__)
