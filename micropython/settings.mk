# What can be set on make's command line as well as with -D (docs/porting.md): ALIYUN_IOT_SETTINGS has it for the compiler.

ALIYUN_IOT_CAN_BE_SET := ALIYUN_IOT_RX_SIZE ALIYUN_IOT_TX_SIZE ALIYUN_IOT_TOPICS_SIZE ALIYUN_IOT_UPLOAD_BLOCK ALIYUN_IOT_KV
ALIYUN_IOT_CAN_BE_SET += $(filter ALIYUN_IOT_ROOT_% ALIYUN_IOT_CLOUD_%, $(.VARIABLES))
ALIYUN_IOT_SETTINGS := $(foreach name, $(ALIYUN_IOT_CAN_BE_SET), $(if $($(name)), -D$(name)='$($(name))'))
